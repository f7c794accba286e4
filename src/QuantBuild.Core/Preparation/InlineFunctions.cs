using QuantBuild.Onnx;

namespace QuantBuild.Preparation;

/// <summary>
/// <code>
/// f(a, b; k) = { t = Mul(a, b), y = Softmax(t, axis: k) },  z = f(p, q; k: 1)  →  t_1 = Mul(p, q), z = Softmax(t_1, axis: 1)
/// </code>
/// for the functions that the model defines itself, functions that they call included. Exact: it is what a call means. A function that
/// imports another opset than the model stays, as its operators may mean something else.
/// </summary>
internal sealed class InlineFunctions : IGraphPass
{
    public void Run(PassContext context)
    {
        if (context.Graph != context.Model.Graph || context.Model.Functions is not { Count: > 0 } functions)
            return; // bodies are done with the graph around them, as functions may bring bodies of their own
        Inline(context.Graph, context.Editor, functions, context);
        context.Model.RemoveDeadFunctions();
    }

    private static void Inline(OnnxGraph graph, GraphEditor editor, IReadOnlyList<OnnxFunction> functions, PassContext context)
    {
        for (int i = 0; i < graph.Nodes.Count;)
        {
            OnnxNode node = graph.Nodes[i];
            OnnxFunction? called = functions.FirstOrDefault(function => function.IsCalledBy(node));
            if (called is null || (called.Opset is { } opset && opset != context.Model.Opset))
            {
                if (called is not null)
                    context.Decline(node, $"the function imports opset {called.Opset}, the model {context.Model.Opset}");
                i++;
                continue;
            }
            editor.ReplaceByBody(node, called); // what comes in its place is looked at next
            context.CountApplied();
        }
        foreach (OnnxGraph body in graph.Nodes.SelectMany(node => node.Subgraphs))
            Inline(body, new GraphEditor(body, context.Model.Graph), functions, context);
        graph.Reindex();
    }
}
