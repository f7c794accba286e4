using QuantBuild.Onnx;
using QuantBuild.Preparation.Facts;

namespace QuantBuild.Preparation;

/// <summary>
/// <code>
/// s = Shape(x [n,49,64]), b = Gather(s, 0), t = Concat(b, 49, 4, 16), y = Reshape(x, t)  →  y = Reshape(x, [0,49,4,16])
/// </code>
/// A target of which all but one element are known, or equal to the dimension of x at the same place, is a constant: 0 copies a
/// dimension, −1 is what remains. Exact. What computed the target is dead afterwards.
/// </summary>
internal sealed class SimplifyReshapeTargets : IGraphPass
{
    public void Run(PassContext context)
    {
        StaticFacts facts = StaticFacts.Of(context);
        foreach (OnnxNode node in context.Graph.Nodes.Where(node => node.Is("Reshape") && node.GetInt("allowzero", 0) == 0).ToArray())
        {
            if (facts.ValueOf(node.Input(1)) is not { IsKnown: false } target
                || Constant(target.Values, facts.ShapeOf(node.Inputs[0])) is not { } constant)
                continue;
            context.Editor.SetInput(node, 1, context.Editor.AddInitializer($"{node.DisplayName}_shape", OnnxTensor.Int64s(constant)));
            context.CountApplied();
        }
    }

    private static long[]? Constant(SymbolicInteger[] target, SymbolicInteger[]? x)
    {
        var constant = new long[target.Length];
        for (int i = 0; i < target.Length; i++)
            constant[i] = target[i].IsKnown ? target[i].Value : x is not null && i < x.Length && x[i] == target[i] ? 0 : -1;
        return constant.Count(dimension => dimension == -1) <= 1 ? constant : null;
    }
}
