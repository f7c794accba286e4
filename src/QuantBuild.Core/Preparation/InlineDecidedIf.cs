using QuantBuild.Onnx;
using QuantBuild.Preparation.Facts;

namespace QuantBuild.Preparation;

/// <summary>
/// <code>
/// c = Equal(16000, 16000), y = If(c, then: { t = Relu(x) }, else: …)  →  y = Relu(x)
/// </code>
/// when the condition follows from constants, from inputs that are fixed, or from declared shapes; what one branch brings may decide the
/// next If. And when the graph with the other branch cannot run, as with x.squeeze(0) of older exporters in front of an operator that takes
/// one rank only. Exact wherever the model runs. Names must be unique in the whole model.
/// </summary>
internal sealed class InlineDecidedIf : IGraphPass
{
    public void Run(PassContext context)
    {
        if (context.Graph != context.Model.Graph)
            return; // bodies are done with the graph around them, as far as they are left
        Inline(context.Graph, context.Editor, context);
        while (WithoutAlternative(context.Model) is { } found)
        {
            context.Editor.ReplaceByBranch(found.Node, found.Branch);
            context.CountApplied();
            Inline(context.Graph, context.Editor, context);
        }
        foreach (OnnxGraph graph in context.Graph.WithBodies)
            foreach (OnnxNode node in graph.Nodes.Where(node => node.Is("If")))
                context.Decline(node, $"its condition '{node.Inputs[0]}' is not known before the model runs");
    }

    private static void Inline(OnnxGraph graph, GraphEditor editor, PassContext context)
    {
        while (Decided(graph) is { Count: > 0 } decided)
            foreach ((OnnxNode node, OnnxGraph branch) in decided)
            {
                editor.ReplaceByBranch(node, branch);
                context.CountApplied();
            }
        foreach (OnnxGraph body in graph.Nodes.SelectMany(node => node.Subgraphs))
            Inline(body, new GraphEditor(body, context.Model.Graph), context);
        graph.Reindex();
    }

    private static List<(OnnxNode Node, OnnxGraph Branch)> Decided(OnnxGraph graph)
    {
        StaticFacts facts = StaticFacts.Of(graph);
        var decided = new List<(OnnxNode, OnnxGraph)>();
        foreach (OnnxNode node in graph.Nodes.Where(node => node.Is("If")))
            if (facts.ValueOf(node.Inputs[0]) is { IsKnown: true, Known: [var condition] } && Branch(node, condition != 0) is { } branch)
                decided.Add((node, branch));
        return decided;
    }

    /// <summary>Of the main graph only: what is in a body may never run.</summary>
    private static (OnnxNode Node, OnnxGraph Branch)? WithoutAlternative(OnnxModel model)
    {
        foreach (OnnxNode node in model.Graph.Nodes.Where(node => node.Is("If")))
        {
            bool thenRuns = CanRun(model, node, whenTrue: true);
            if (thenRuns != CanRun(model, node, whenTrue: false) && Branch(node, thenRuns) is { } branch)
                return (node, branch);
        }
        return null;
    }

    private static bool CanRun(OnnxModel model, OnnxNode node, bool whenTrue)
    {
        OnnxModel trial = model.Clone();
        OnnxNode choice = trial.Graph.Nodes[model.Graph.Nodes.Index().First(entry => entry.Item == node).Index];
        var context = new PassContext(trial, trial.Graph);
        if (Branch(choice, whenTrue) is not { } branch)
            return true;
        context.Editor.ReplaceByBranch(choice, branch);
        Inline(trial.Graph, context.Editor, context);
        StaticFacts facts = StaticFacts.Of(trial.Graph);
        return trial.Graph.Nodes.All(other => RankRules.Allow(other, facts));
    }

    private static OnnxGraph? Branch(OnnxNode node, bool whenTrue) => node.Body(whenTrue ? "then_branch" : "else_branch");
}
