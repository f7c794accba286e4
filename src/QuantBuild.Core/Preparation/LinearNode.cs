using QuantBuild.Onnx;

namespace QuantBuild.Preparation;

/// <summary>A Conv, ConvTranspose, Gemm or MatMul with constant weights: its output channels are scaled and shifted by changing constants.
/// </summary>
internal sealed class LinearNode
{
    private readonly OnnxNode node;
    private readonly OnnxTensor weight;
    private readonly double[] bias;
    private readonly Func<long, long> channelOf;

    private LinearNode(OnnxNode node, OnnxTensor weight, double[] bias, Func<long, long> channelOf)
    {
        this.node = node;
        this.weight = weight;
        this.bias = bias;
        this.channelOf = channelOf;
    }

    public int Channels => bias.Length;

    /// <summary>How many axes its output has behind that of the channels.</summary>
    public int AxesBehind => Convolves(node) ? weight.Rank - 2 : 0;

    public static bool Covers(OnnxNode node) => Convolves(node) || node.Is("Gemm") || node.Is("MatMul");

    /// <returns>Null, with the reason, when its constants cannot be changed.</returns>
    public static LinearNode? Read(OnnxGraph graph, OnnxNode node, out string? whyNot)
    {
        if (graph.InitializerOf(node.Input(1)) is not { ElementType: OnnxElementType.Float, Length: > 0 } weight
            || (Convolves(node) ? weight.Rank <= 2 : weight.Rank != 2))
        {
            whyNot = $"the weights of {node} are not constant float32";
            return null;
        }
        long channels = ChannelCount(node, weight);
        if (Bias(graph, node, channels) is not { } bias)
        {
            whyNot = $"the bias of {node} is not constant float32 with one value per channel";
            return null;
        }
        whyNot = null;
        return new LinearNode(node, weight, bias, Channel(node, weight, channels));
    }

    /// <summary>W' = a · W, b' = a · (b − μ) + β; a MatMul that gets a bias by this becomes a Gemm.</summary>
    public void Fold(GraphEditor editor, ChannelAffine affine)
    {
        if (!affine.OnlyShifts)
            editor.SetInput(
                node, 1, editor.AddInitializer(node.Inputs[1],
                    OnnxTensor.Float([.. weight.Shape], affine.Scale(weight.Floats, channelOf))));
        if (node.Input(2) is null && affine.OnlyScales)
            return;
        editor.SetInput(node, 2, editor.AddInitializer(
            node.Input(2) ?? $"{node.DisplayName}_bias", OnnxTensor.Float([Channels], affine.Shift(bias))));
        if (node.Is("MatMul"))
            editor.SetOperator(node, "Gemm");
        node.RemoveAttribute("beta");
    }

    private static bool Convolves(OnnxNode node) => node.Is("Conv") || node.Is("ConvTranspose");

    private static bool ColumnsFirst(OnnxNode node) => node.GetInt("transB", 0) != 0;

    private static long Groups(OnnxNode node) => Math.Max(1, node.GetInt("group", 1));

    private static long ChannelCount(OnnxNode node, OnnxTensor weight) => node.OpType switch
    {
        "Conv" => weight.Shape[0],
        "ConvTranspose" => weight.Shape[1] * Groups(node),
        _ => weight.Shape[ColumnsFirst(node) ? 0 : 1],
    };

    /// <summary>The output channel of an index into the weights.</summary>
    /// <remarks>[M, C/group, …] of Conv holds its channels one after the other; [C, M/group, …] of ConvTranspose has those of a group on axis
    /// 1, once for each of the group's inputs.</remarks>
    private static Func<long, long> Channel(OnnxNode node, OnnxTensor weight, long channels)
    {
        long run = weight.Length / channels;
        long columns = weight.Shape[1];
        if (node.Is("ConvTranspose"))
        {
            long inputsPerGroup = weight.Shape[0] / Groups(node);
            long positions = weight.Length / (weight.Shape[0] * columns);
            return index => (index / positions % columns) + (index / positions / columns / inputsPerGroup * columns);
        }
        return Convolves(node) || ColumnsFirst(node) ? index => index / run : index => index % columns;
    }

    /// <summary>beta · b, one value per channel; null when it differs along another axis or is not constant.</summary>
    private static double[]? Bias(OnnxGraph graph, OnnxNode node, long channels)
    {
        if (node.Input(2) is not { } name)
            return new double[channels];
        if (graph.InitializerOf(name) is not { ElementType: OnnxElementType.Float } bias || (bias.Length != 1 && bias.Length != channels))
            return null;
        if (bias.Length == channels && bias.Rank > 0 && bias.Shape[^1] != channels)
            return null;
        double beta = node.GetFloat("beta", 1);
        var values = new double[channels];
        for (int i = 0; i < values.Length; i++)
            values[i] = beta * bias.Floats[bias.Length == 1 ? 0 : i];
        return values;
    }
}
