using QuantBuild.Onnx;
using QuantBuild.Placement;

namespace QuantBuild.Equalization;

/// <summary>A planned node that multiplies a value with weights.</summary>
/// <param name="Weights">Its weights.</param>
/// <param name="Bias">Where its bias stands; null when it has none.</param>
/// <param name="Repeat">Neighbouring input channels of the weights that are one channel of the value: positions of an image that was
/// flattened.</param>
internal sealed record WeightedReader(LinearWeights Weights, ConstantSlot? Bias, int Repeat)
{
    /// <summary>Channels of the value.</summary>
    public int Channels => Weights.Inputs / Repeat;

    /// <summary>Output channels beyond this many are left out of sums over all of them, evenly.</summary>
    private const int MostOutputs = 64;

    /// <summary>True when what it sums over may hold zeros that the value does not have.</summary>
    public bool Pads => Weights.Node.Is("Conv") && Padding.Of(Weights.Node);

    /// <returns>Null for a node without weights of its own.</returns>
    public static WeightedReader? Of(PlannedNode planned, OnnxGraph graph)
    {
        if (planned.Weight is not { InputIndex: LinearWeights.WeightInput } || planned.ActivationInputs is not [0]
            || graph.ProducerOf(planned.Node.Outputs[0]) != planned.Node || LinearWeights.Of(graph, planned.Node) is not { } weights)
            return null;
        ConstantSlot? bias = planned.Bias is { } read ? ConstantSlot.Vector(read.Reader, read.InputIndex, weights.Outputs) : null;
        return new WeightedReader(weights, bias, 1);
    }

    /// <returns>Null for a node that does not multiply the value with weights of its own.</returns>
    public static WeightedReader? Of(OnnxNode node, string value, OnnxGraph graph) =>
        node.Inputs[0] == value && node.Inputs.Count(input => input == value) == 1 && graph.ProducerOf(node.Outputs[0]) == node
        && LinearWeights.Of(graph, node) is { } weights
            ? new WeightedReader(weights, null, 1)
            : null;

    /// <summary>The channel of a column of the weights, a row of which is in the order of the tensor.</summary>
    public int ChannelOfWeight(int group, int column) => ((group * Weights.InputsPerGroup) + (column / Weights.Positions)) / Repeat;

    /// <summary>The channel of a column of the rows that calibration keeps.</summary>
    public int ChannelOfColumn(int group, int column) =>
        ((group * Weights.InputsPerGroup) + (Weights.Positions > 1 ? column % Weights.InputsPerGroup : column)) / Repeat;

    /// <summary>Σ W² of every channel.</summary>
    public double[] Norms()
    {
        var norms = new double[Channels];
        ReadOnlySpan<float> values = Weights.Tensor.Floats;
        LinearWeightChannels at = Weights.Channels;
        foreach (float value in values)
        {
            at.Next();
            norms[at.Input / Repeat] += (double)value * value;
        }
        return norms;
    }

    /// <summary>For output channels spread evenly: the first channel that it reads, and the largest |W| of that and of those behind
    /// it.</summary>
    public IReadOnlyList<(int First, float[] Largest)> LargestOfOutputs(out double share)
    {
        int count = Math.Min(MostOutputs, Weights.Outputs);
        share = (double)count / Weights.Outputs;
        var rowOf = new int[Weights.Outputs];
        Array.Fill(rowOf, -1);
        var rows = new (int First, float[] Largest)[count];
        for (int i = 0; i < count; i++)
        {
            int output = (int)((long)i * Weights.Outputs / count);
            rowOf[output] = i;
            rows[i] = (Weights.FirstInputOf(output) / Repeat, new float[Math.Max(1, Weights.InputsPerGroup / Repeat)]);
        }
        ReadOnlySpan<float> values = Weights.Tensor.Floats;
        LinearWeightChannels at = Weights.Channels;
        foreach (float value in values)
        {
            at.Next();
            if (rowOf[at.Output] is >= 0 and var row)
            {
                ref float largest = ref rows[row].Largest[(at.Input / Repeat) - rows[row].First];
                largest = Math.Max(largest, Math.Abs(value));
            }
        }
        return rows;
    }
}
