using QuantBuild.Onnx;

namespace QuantBuild.Preparation;

/// <summary>
/// <code>
/// c = Constant(value)  →  initializer c = value
/// </code>
/// Exact. Strings and sparse values stay nodes.
/// </summary>
internal sealed class LiftConstantNodes : IGraphPass
{
    public void Run(PassContext context)
    {
        foreach (OnnxNode node in context.Graph.Nodes.Where(node => node.Is("Constant")).ToArray())
        {
            if (ValueOf(node) is { } value)
            {
                context.Editor.ReplaceByInitializer(node, value);
                context.CountApplied();
            }
            else
            {
                context.Decline(node, $"a constant given by {string.Join(", ", node.AttributeNames)} has no dense form");
            }
        }
    }

    private static OnnxTensor? ValueOf(OnnxNode node)
    {
        if (node.HasAttribute("value"))
            return node.GetTensor("value");
        if (node.HasAttribute("value_float"))
            return OnnxTensor.Scalar(node.GetFloat("value_float", 0));
        if (node.GetFloats("value_floats") is { } floats)
            return OnnxTensor.Float([floats.Count], [.. floats]);
        if (node.HasAttribute("value_int"))
            return OnnxTensor.Create(OnnxElementType.Int64, [], [node.GetInt("value_int", 0)]);
        return node.GetInts("value_ints") is { } ints ? OnnxTensor.Int64s([.. ints]) : null;
    }
}
