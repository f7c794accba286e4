using QuantBuild.Calibration;
using QuantBuild.Numerics;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Precision;

namespace QuantBuild.Reconstruction;

/// <summary>Puts the mean error of a node's output into its bias: <c>b′ = b + E[W·x] − E[Ŵ·x̂]</c> per output channel.</summary>
internal static class BiasCorrection
{
    /// <summary>From rows that were kept, with x in float and x̂ the same as it is quantized: what this node adds to the error by itself.</summary>
    public static WeightCodes Fast(OnnxGraph graph, PrecisionPlan precision, CalibrationTable table, WeightCodes codes)
    {
        IReadOnlyList<PlannedNode> nodes = precision.Placement.Nodes;
        var corrections = new Dictionary<int, float[]>();
        for (int i = 0; i < nodes.Count; i++)
            if (nodes[i].Bias is not null && table.RowsOf(nodes[i], graph) is { Count: > 0 } rows)
                corrections.Add(i, Shifts(graph, nodes[i], rows, precision.Activations[nodes[i].Node.Inputs[nodes[i].ActivationInputs[0]]], codes));
        return WithCorrections(graph, precision, codes, corrections);
    }

    /// <summary>The biases as the model has them.</summary>
    public static WeightCodes None(OnnxGraph graph, PrecisionPlan precision, WeightCodes codes) =>
        WithCorrections(graph, precision, codes, new Dictionary<int, float[]>());

    /// <summary>Adds to the corrections that are there.</summary>
    /// <param name="errors">By index of the node: E[y] − E[ŷ] of its output channels, measured in the quantized model.</param>
    public static WeightCodes Add(OnnxGraph graph, PrecisionPlan precision, WeightCodes codes, IReadOnlyDictionary<int, float[]> errors)
    {
        var corrections = codes.BiasCorrections.ToDictionary();
        foreach ((int node, float[] error) in errors)
            corrections[node] = corrections.TryGetValue(node, out float[]? before) ? [.. before.Zip(error, (first, second) => first + second)] : error;
        return WithCorrections(graph, precision, codes, corrections);
    }

    private static WeightCodes WithCorrections(
        OnnxGraph graph, PrecisionPlan precision, WeightCodes codes, IReadOnlyDictionary<int, float[]> corrections) => codes with
        {
            Biases = WeightQuantizer.QuantizeBiases(graph, precision, codes.Weights, corrections),
            BiasCorrections = corrections,
        };

    private static float[] Shifts(OnnxGraph graph, PlannedNode node, InputRows rows, QuantizationParameters input, WeightCodes codes)
    {
        OnnxTensor weight = graph.ConstantAnywhere(node.Weight!.Initializer)!.InMemory();
        QuantizedWeight quantized = codes.Weights[node.Weight];
        (double[] mean, double[] quantizedMean) = Means(rows, input);
        var shifts = new float[WeightLayout.SumCount(weight, node.Weight)];
        int perGroup = shifts.Length / rows.Groups;
        Parallel.For(0, shifts.Length, sum =>
        {
            int[] positions = WeightLayout.PositionsOfSum(weight, node.Weight, sum);
            ReadOnlySpan<float> values = weight.Floats;
            ReadOnlySpan<sbyte> ints = quantized.Codes.Values<sbyte>();
            double scale = quantized.Scales[quantized.Scales.Length == 1 ? 0 : sum];
            int first = sum / perGroup * rows.Columns;
            double shift = 0;
            for (int i = 0; i < positions.Length; i++)
                shift += (values[positions[i]] * mean[first + i]) - (ints[positions[i]] * scale * quantizedMean[first + i]);
            shifts[sum] = (float)shift;
        });
        return shifts;
    }

    /// <returns>[groups, columns] of x and of x̂.</returns>
    private static (double[] Mean, double[] QuantizedMean) Means(InputRows rows, QuantizationParameters input)
    {
        int length = rows.Groups * rows.Columns;
        var mean = new double[length];
        var quantizedMean = new double[length];
        var quantized = new float[length];
        for (int row = 0; row < rows.Count; row++)
        {
            ReadOnlySpan<float> values = rows.Values.AsSpan(row * length, length);
            FakeQuantizeKernel.FakeQuantize(values, quantized, input.Scale, input.ZeroPoint, CodeRange.UInt8);
            for (int i = 0; i < length; i++)
            {
                mean[i] += values[i];
                quantizedMean[i] += quantized[i];
            }
        }
        for (int i = 0; i < length; i++)
        {
            mean[i] /= rows.Count;
            quantizedMean[i] /= rows.Count;
        }
        return (mean, quantizedMean);
    }
}
