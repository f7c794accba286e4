using QuantBuild.Onnx;
using QuantBuild.Preparation.Facts;

namespace QuantBuild.Preparation;

/// <summary>
/// <code>
/// y = Conv(Add(Mul(x, a), β), W, b)  →  y = Conv(x, W', b')
/// W'[m, c] = a[c] · W[m, c]     b'[m] = b[m] + Σ β[c] · W[m, c]
/// </code>
/// where nobody else reads what is scaled. A shift needs a Conv without padding: what is padded is not shifted. Computed in float64 and
/// rounded once.
/// </summary>
internal sealed class FoldScaleAndShiftIntoNextConv : IGraphPass
{
    public void Run(PassContext context)
    {
        OnnxGraph graph = context.Graph;
        foreach (ScaleShiftChain chain in ScaleShiftChain.FindAll(graph, StaticFacts.Of(context)))
        {
            if (graph.IsOutput(chain.Output) || graph.ConsumersOf(chain.Output) is not [var conv] || !conv.Is("Conv")
                || conv.Inputs[0] != chain.Output || (!chain.Affine.OnlyScales && Pads(conv)))
                continue;
            OnnxTensor? bias = graph.InitializerOf(conv.Input(2));
            if (graph.InitializerOf(conv.Inputs[1]) is not { ElementType: OnnxElementType.Float, Length: > 0 } weight
                || (conv.Input(2) is not null && bias is not { ElementType: OnnxElementType.Float })
                || weight.Shape[1] * Math.Max(1, conv.GetInt("group", 1)) != chain.Affine.Length)
                continue;
            if (graph.ConsumersOf(conv.Inputs[1]).Count > 1)
            {
                context.Decline(chain.Nodes[0], $"the weights of {conv} are shared, and would have to be stored twice");
                continue;
            }
            Fold(context.Editor, chain, conv, weight, bias);
            context.CountApplied();
        }
    }

    private static bool Pads(OnnxNode conv) =>
        conv.GetString("auto_pad", "NOTSET") is not ("NOTSET" or "VALID")
        || (conv.GetString("auto_pad", "NOTSET") != "VALID" && conv.GetInts("pads")?.Any(pad => pad != 0) == true);

    private static void Fold(GraphEditor editor, ScaleShiftChain chain, OnnxNode conv, OnnxTensor weight, OnnxTensor? bias)
    {
        long outputs = weight.Shape[0];
        long inputsPerGroup = weight.Shape[1];
        long positions = weight.Length / outputs / inputsPerGroup;
        long outputsPerGroup = outputs / Math.Max(1, conv.GetInt("group", 1));
        long InputOf(long index) =>
            (index / positions / inputsPerGroup / outputsPerGroup * inputsPerGroup) + (index / positions % inputsPerGroup);

        var shifted = new double[outputs];
        for (int i = 0; i < weight.Length; i++)
            shifted[i / (positions * inputsPerGroup)] += weight.Floats[i] * chain.Affine.Apply((int)InputOf(i), 0);
        for (int i = 0; i < outputs; i++)
            shifted[i] += bias is null ? 0 : bias.Floats[i];

        editor.SetInput(conv, 1, editor.AddInitializer(
            conv.Inputs[1], OnnxTensor.Float([.. weight.Shape], chain.Affine.Scale(weight.Floats, InputOf))));
        if (!chain.Affine.OnlyScales)
            editor.SetInput(conv, 2, editor.AddInitializer(
                conv.Input(2) ?? $"{conv.DisplayName}_bias", OnnxTensor.Float([outputs], [.. shifted.Select(value => (float)value)])));
        editor.SetInput(conv, 0, chain.Input);
        foreach (OnnxNode node in chain.Nodes.Reverse())
            editor.RemoveNode(node);
    }
}
