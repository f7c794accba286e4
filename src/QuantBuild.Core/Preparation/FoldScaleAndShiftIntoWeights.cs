using QuantBuild.Onnx;
using QuantBuild.Preparation.Facts;

namespace QuantBuild.Preparation;

/// <summary>
/// <code>
/// y = BatchNormalization(Conv(x, W, b), γ, β, μ, σ²)  →  y = Conv(x, W', b')      a = γ / √(σ² + ε)
/// y = Add(Mul(Gemm(x, W, b), a), β)                   →  y = Gemm(x, W', b')
/// y = BatchNormalization(MatMul(x [M, K], W), …)      →  y = Gemm(x, W', b')
/// W'[m] = a[m] · W[m]     b'[m] = a[m] · (b[m] − μ[m]) + β[m]
/// </code>
/// for every output channel m of Conv, ConvTranspose, Gemm and MatMul; Add, Sub, Mul and Div have a constant of one element or one per
/// channel. Computed in float64 and rounded once, so the outputs change by the rounding of float32 only. The Add behind a MatMul stays:
/// it is a bias already.
/// </summary>
internal sealed class FoldScaleAndShiftIntoWeights : IGraphPass
{
    public void Run(PassContext context)
    {
        var facts = new Lazy<StaticFacts>(() => StaticFacts.Of(context));
        foreach (OnnxNode node in context.Graph.Nodes.ToArray())
        {
            ConstantArithmetic? arithmetic = ConstantArithmetic.Of(context.Graph, node);
            string? product = node.Is("BatchNormalization") ? node.Inputs[0] : arithmetic?.Value;
            if (product is null || context.Graph.ProducerOf(product) is not { } linear || !LinearNode.Covers(linear)
                || (linear.Is("MatMul") && !MayFollowMatMul(node, linear, facts)))
                continue;
            if (WhyNot(context.Graph, node, linear) is { } reason)
                context.Decline(node, reason);
            else
                Fold(context, node, arithmetic, linear);
        }
    }

    /// <summary>The channels of a product are on its last axis, those of a normalization on axis 1.</summary>
    private static bool MayFollowMatMul(OnnxNode node, OnnxNode product, Lazy<StaticFacts> facts) =>
        node.Is("BatchNormalization") ? facts.Value.RankOf(product.Inputs[0]) == 2 : node.Is("Mul") || node.Is("Div");

    private static void Fold(PassContext context, OnnxNode node, ConstantArithmetic? arithmetic, OnnxNode linear)
    {
        if (LinearNode.Read(context.Graph, linear, out string? whyNot) is not { } weights)
        {
            if (arithmetic is null)
                context.Decline(node, whyNot!);
            return;
        }
        ChannelAffine? affine = arithmetic is null
            ? ChannelAffine.OfNormalization(context.Graph, node)
            : ChannelAffine.OfArithmetic(arithmetic, weights.Channels, weights.AxesBehind);
        if (affine?.Length != weights.Channels)
        {
            if (arithmetic is null)
                context.Decline(node, "its parameters are not constant float32, not finite, or not one per channel");
            return;
        }
        if (arithmetic is not null && !KeepsShape(arithmetic, weights))
            return;
        if (arithmetic is not null && !affine.OnlyShifts && context.Graph.ConsumersOf(linear.Inputs[1]).Count > 1)
        {
            context.Decline(node, $"the weights of {linear} are shared, and would have to be stored twice");
            return;
        }

        weights.Fold(context.Editor, affine);
        if (arithmetic is not null)
            context.Editor.SetInputs(node, arithmetic.Value, node.Inputs[arithmetic.ConstantFirst ? 0 : 1]);
        context.Editor.Bypass(node);
        context.CountApplied();
    }

    /// <summary>A constant with more axes than the product would add axes to it; a product of matrices has two at least.</summary>
    private static bool KeepsShape(ConstantArithmetic arithmetic, LinearNode weights) => arithmetic.Constant.Rank <= weights.AxesBehind + 2;

    private static string? WhyNot(OnnxGraph graph, OnnxNode node, OnnxNode linear)
    {
        string between = linear.Outputs[0];
        if (graph.IsOutput(between))
            return $"the output of {linear} is an output of the model";
        if (graph.ConsumersOf(between).Count > 1)
            return $"the output of {linear} has other readers";
        return ChannelAffine.Trains(node) ? "it is in training mode" : null;
    }
}
