using QuantBuild.Onnx;

namespace QuantBuild.Preparation;

/// <summary>
/// <code>
/// y = Identity(x), f(y)             →  f(x)
/// y = Dropout(x), f(y)              →  f(x)      in inference, when nobody reads the mask
/// y = Cast(x, to: type of x), f(y)  →  f(x)
/// </code>
/// Exact. Outputs of the graph keep their names: there the producer of x writes y instead.
/// </summary>
internal sealed class RemovePassThroughNodes : IGraphPass
{
    public void Run(PassContext context)
    {
        foreach (OnnxNode node in context.Graph.Nodes.ToArray())
        {
            if (!IsPassThrough(context, node))
                continue;
            if (context.Editor.Bypass(node))
                context.CountApplied();
            else
                context.Decline(node, "its input and its output are both fixed by the graph's interface, or its second output is read");
        }
    }

    private static bool IsPassThrough(PassContext context, OnnxNode node)
    {
        if (node.Is("Identity"))
            return true;
        if (node.Is("Cast"))
            return ElementTypes.Of(context.Graph, node.Inputs[0]) is { } type && (long)type == node.GetInt("to", 0);
        if (!node.Is("Dropout"))
            return false;
        // From opset 12 on an input switches training on; before, a Dropout of an exported model is always one for inference.
        if (node.Input(2) is not { } trainingMode)
            return true;
        if (context.Graph.InitializerOf(trainingMode) is not { } value)
        {
            context.Decline(node, $"whether it trains is decided at run time by '{trainingMode}'");
            return false;
        }
        if (value.Bytes[0] == 0)
            return true;
        context.Decline(node, "it is in training mode");
        return false;
    }
}
