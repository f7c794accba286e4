using QuantBuild.Onnx;

namespace QuantBuild.Preparation;

/// <summary>
/// <code>
/// y = Gemm(x, W, b, alpha, beta)   →  y = Gemm(x, alpha · W, beta · b)
/// </code>
/// The integer kernel has no factors. Constants are rounded once; exact for powers of two.
/// </summary>
internal sealed class FoldGemmFactors : IGraphPass
{
    public void Run(PassContext context)
    {
        foreach (OnnxNode gemm in context.Graph.Nodes.Where(node => node.Is("Gemm")).ToArray())
        {
            Fold(context, gemm, "alpha", 1);
            Fold(context, gemm, "beta", 2);
        }
    }

    private static void Fold(PassContext context, OnnxNode gemm, string attribute, int input)
    {
        float factor = gemm.GetFloat(attribute, 1);
        if (factor == 1)
            return;
        if (gemm.Input(input) is { } name)
        {
            if (context.Graph.InitializerOf(name) is not { ElementType: OnnxElementType.Float } constant)
            {
                context.Decline(gemm, $"what {attribute} scales is not a float32 constant");
                return;
            }
            var scaled = new float[constant.Length];
            for (int i = 0; i < scaled.Length; i++)
                scaled[i] = factor * constant.Floats[i];
            context.Editor.SetInput(gemm, input, context.Editor.AddInitializer(name, OnnxTensor.Float([.. constant.Shape], scaled)));
        }
        gemm.RemoveAttribute(attribute);
        context.CountApplied();
    }
}
