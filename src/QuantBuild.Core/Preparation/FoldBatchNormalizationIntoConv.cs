using QuantBuild.Onnx;

namespace QuantBuild.Preparation;

/// <summary>
/// <code>
/// y = BatchNormalization(Conv(x, W, b), γ, β, μ, σ²)  →  y = Conv(x, W', b')
/// a = γ / √(σ² + ε)     W'[m] = a[m] · W[m]     b'[m] = a[m] · (b[m] − μ[m]) + β[m]
/// </code>
/// for every output channel m; ConvTranspose has them on axis 1 of W, per group. Computed in float64 and rounded once, so the outputs
/// change by the rounding of float32 only.
/// </summary>
internal sealed class FoldBatchNormalizationIntoConv : IGraphPass
{
    public void Run(PassContext context)
    {
        foreach (OnnxNode node in context.Graph.Nodes.Where(node => node.Is("BatchNormalization")).ToArray())
            if (context.Graph.ProducerOf(node.Inputs[0]) is { } conv && (conv.Is("Conv") || conv.Is("ConvTranspose")))
                Fold(context, node, conv);
    }

    private static void Fold(PassContext context, OnnxNode node, OnnxNode conv)
    {
        OnnxGraph graph = context.Graph;
        if (ChannelAffine.WhyNot(graph, node, conv) is { } reason)
        {
            context.Decline(node, reason);
            return;
        }
        if (graph.InitializerOf(conv.Input(1)) is not { ElementType: OnnxElementType.Float, Rank: > 2, Length: > 0 } weight)
        {
            context.Decline(node, $"the weights of {conv} are not constant float32");
            return;
        }
        OnnxTensor? bias = graph.InitializerOf(conv.Input(2));
        if (conv.Input(2) is not null && bias is not { ElementType: OnnxElementType.Float })
        {
            context.Decline(node, $"the bias of {conv} is not constant float32");
            return;
        }

        long group = Math.Max(1, conv.GetInt("group", 1));
        bool transposed = conv.Is("ConvTranspose");
        long channels = transposed ? weight.Shape[1] * group : weight.Shape[0];
        if (ChannelAffine.Read(graph, node) is not { } affine || affine.Length != channels || (bias?.Length ?? channels) != channels)
        {
            context.Decline(node, "its parameters are not constant float32, not finite, or not one per channel");
            return;
        }

        // A weight [M, C/group, …] has runs of one output channel; [C, M/group, …] of a transposed one as well, in another order.
        long perGroup = transposed ? weight.Shape[0] / group : 0;
        long run = transposed ? weight.Length / (weight.Shape[0] * weight.Shape[1]) : weight.Length / channels;
        float[] scaled = affine.Scale(weight.Floats, index => transposed
            ? (index / run % weight.Shape[1]) + (index / run / weight.Shape[1] / perGroup * weight.Shape[1])
            : index / run);
        GraphEditor editor = context.Editor;
        editor.SetInput(conv, 1, editor.AddInitializer(conv.Inputs[1], OnnxTensor.Float([.. weight.Shape], scaled)));
        editor.SetInput(conv, 2, editor.AddInitializer(
            conv.Input(2) ?? $"{conv.DisplayName}_bias", OnnxTensor.Float([channels], affine.Shift(bias is null ? [] : bias.Floats))));
        editor.Bypass(node);
        context.CountApplied();
    }
}
