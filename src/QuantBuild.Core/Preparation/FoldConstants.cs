using QuantBuild.Onnx;
using QuantBuild.Preparation.Facts;

namespace QuantBuild.Preparation;

/// <summary>
/// Shape arithmetic that no input can change → its result.
/// <code>
/// s = Shape(x [?,49,64]), c = Gather(s, 2), h = Div(c, 4)  →  h = 16
/// </code>
/// Exact: integers and truth values only. What depends on an open dimension, such as the batch, stays.
/// </summary>
internal sealed class FoldConstants : IGraphPass
{
    public void Run(PassContext context)
    {
        StaticFacts facts = StaticFacts.Of(context);
        foreach (OnnxNode node in context.Graph.Nodes.ToArray())
        {
            if (node.Outputs.Count != 1 || context.Graph.IsOutput(node.Outputs[0])
                || facts.ValueOf(node.Outputs[0]) is not { IsKnown: true } value)
                continue;
            context.Editor.ReplaceByInitializer(node, value.ToTensor());
            context.CountApplied();
        }
    }
}
