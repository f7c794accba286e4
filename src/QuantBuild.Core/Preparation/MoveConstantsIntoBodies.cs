using QuantBuild.Onnx;

namespace QuantBuild.Preparation;

/// <summary>
/// <code>
/// w = […], y = If(c, then: { t = MatMul(x, w) }, else: …)  →  y = If(c, then: { w = […], t = MatMul(x, w) }, else: …)
/// </code>
/// for a constant that only one body reads: what changes the body may then change its constants. Exact. What several read stays, and
/// what lies in a file beside the model.
/// </summary>
internal sealed class MoveConstantsIntoBodies : IGraphPass
{
    public void Run(PassContext context)
    {
        if (context.Graph == context.Model.Graph)
            Move(context.Graph, context.Editor, context);
    }

    private static void Move(OnnxGraph graph, GraphEditor editor, PassContext context)
    {
        foreach (string name in graph.InitializerNames.ToArray())
            if (!graph.IsOutput(name) && !graph.IsDeclaredInput(name) && !graph.IsInFile(name)
                && graph.ConsumersOf(name) is [var reader] && !reader.Inputs.Contains(name)
                && reader.Subgraphs.Where(body => body.CapturedNames().Contains(name)).ToArray() is [var only])
            {
                editor.MoveIntoBody(name, only);
                context.CountApplied();
            }
        foreach (OnnxGraph body in graph.Nodes.SelectMany(node => node.Subgraphs))
            Move(body, new GraphEditor(body, context.Model.Graph), context);
    }
}
