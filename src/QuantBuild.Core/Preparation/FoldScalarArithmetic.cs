using QuantBuild.Onnx;

namespace QuantBuild.Preparation;

/// <summary>
/// Arithmetic of constant float32 scalars → its result.
/// <code>
/// s = Pow(Cast(16), −0.5), y = Mul(x, s)  →  y = Mul(x, 0.25)
/// </code>
/// The scale of an attention is computed like this; only as a constant can it be told from an activation. Correctly rounded, and
/// so equal to what a runtime computes, except Pow, whose last bit the standard leaves open.
/// </summary>
internal sealed class FoldScalarArithmetic : IGraphPass
{
    public void Run(PassContext context)
    {
        foreach (OnnxNode node in context.Graph.Nodes.ToArray())
        {
            if (node.Domain.Length > 0 || node.Inputs.Count is not (1 or 2) || node.Outputs.Count != 1
                || context.Graph.IsOutput(node.Outputs[0]))
                continue;
            OnnxTensor?[] inputs = [.. node.Inputs.Select(context.Graph.InitializerOf)];
            if (Array.Exists(inputs, input => input is not { Length: 1 }) || Compute(node, inputs!) is not { } result)
                continue;
            long[] shape = [.. Enumerable.Repeat(1L, inputs.Max(input => input!.Rank))];
            context.Editor.ReplaceByInitializer(node, OnnxTensor.Float(shape, [result]));
            context.CountApplied();
        }
    }

    private static float? Compute(OnnxNode node, OnnxTensor[] inputs)
    {
        if (node.Is("Cast"))
            return (OnnxElementType)node.GetInt("to", 0) == OnnxElementType.Float
                && inputs[0].ElementType is (OnnxElementType.Int64 or OnnxElementType.Int32)
                ? inputs[0].ToInt64Array()[0]
                : null;
        if (Array.Exists(inputs, input => input.ElementType != OnnxElementType.Float))
            return null;
        float a = inputs[0].Floats[0];
        float b = inputs.Length == 2 ? inputs[1].Floats[0] : 0;
        return (node.OpType, inputs.Length) switch
        {
            ("Sqrt", 1) => MathF.Sqrt(a),
            ("Reciprocal", 1) => 1 / a,
            ("Neg", 1) => -a,
            ("Add", 2) => a + b,
            ("Sub", 2) => a - b,
            ("Mul", 2) => a * b,
            ("Div", 2) => a / b,
            ("Pow", 2) => (float)Math.Pow(a, b),
            _ => null,
        };
    }
}
