using QuantBuild.Onnx;

namespace QuantBuild.Preparation;

/// <summary>
/// <code>
/// y = BatchNormalization(Gemm(x, W, b), γ, β, μ, σ²)   →  y = Gemm(x, W', b')
/// y = BatchNormalization(MatMul(x [M, K], W), …)       →  y = Gemm(x, W', b')
/// a = γ / √(σ² + ε)     W'[·, n] = a[n] · W[·, n]     b'[n] = a[n] · (beta · b[n] − μ[n]) + β[n]
/// </code>
/// for every column n. The factor alpha of Gemm stays; its beta becomes 1. Computed in float64 and rounded once.
/// </summary>
internal sealed class FoldBatchNormalizationIntoGemm : IGraphPass
{
    public void Run(PassContext context)
    {
        var facts = new Lazy<Facts.StaticFacts>(() => Facts.StaticFacts.Of(context));
        foreach (OnnxNode node in context.Graph.Nodes.Where(node => node.Is("BatchNormalization")).ToArray())
            if (context.Graph.ProducerOf(node.Inputs[0]) is { } product
                && (product.Is("Gemm") || (product.Is("MatMul") && facts.Value.RankOf(product.Inputs[0]) == 2)))
                Fold(context, node, product);
    }

    private static void Fold(PassContext context, OnnxNode node, OnnxNode product)
    {
        OnnxGraph graph = context.Graph;
        if (ChannelAffine.WhyNot(graph, node, product) is { } reason)
        {
            context.Decline(node, reason);
            return;
        }
        if (graph.InitializerOf(product.Input(1)) is not { ElementType: OnnxElementType.Float, Rank: 2 } weight)
        {
            context.Decline(node, $"the weights of {product} are not constant float32");
            return;
        }
        bool columnsFirst = product.GetInt("transB", 0) != 0;
        long columns = weight.Shape[columnsFirst ? 0 : 1];
        if (Bias(graph, product, columns) is not { } bias)
        {
            context.Decline(node, $"the bias of {product} is not constant float32 with one value per column");
            return;
        }
        if (ChannelAffine.Read(graph, node) is not { } affine || affine.Length != columns)
        {
            context.Decline(node, "its parameters are not constant float32, not finite, or not one per column");
            return;
        }

        float[] scaled = affine.Scale(weight.Floats, index => columnsFirst ? index / weight.Shape[1] : index % columns);
        GraphEditor editor = context.Editor;
        string weightName = editor.AddInitializer(product.Inputs[1], OnnxTensor.Float([.. weight.Shape], scaled));
        string biasName = editor.AddInitializer(
            product.Input(2) ?? $"{product.DisplayName}_bias", OnnxTensor.Float([columns], affine.Shift(bias)));
        editor.SetInputs(product, product.Inputs[0], weightName, biasName);
        editor.SetOperator(product, "Gemm");
        product.RemoveAttribute("beta");
        editor.Bypass(node);
        context.CountApplied();
    }

    /// <summary>beta · b, one value per column; null when it differs per row or is not constant.</summary>
    private static double[]? Bias(OnnxGraph graph, OnnxNode product, long columns)
    {
        if (product.Input(2) is not { } name)
            return new double[columns];
        if (graph.InitializerOf(name) is not { ElementType: OnnxElementType.Float } bias || (bias.Length != 1 && bias.Length != columns))
            return null;
        if (bias.Length == columns && bias.Rank > 0 && bias.Shape[^1] != columns)
            return null;
        double beta = product.GetFloat("beta", 1);
        var values = new double[columns];
        for (int n = 0; n < columns; n++)
            values[n] = beta * bias.Floats[bias.Length == 1 ? 0 : n];
        return values;
    }
}
