using QuantBuild.Onnx;
using QuantBuild.Preparation.Facts;

namespace QuantBuild.Preparation;

/// <summary>
/// <code>
/// c = Equal(16000, 16000), y = If(c, then: { t = Relu(x) }, else: …)  →  y = Relu(x)
/// </code>
/// when the condition follows from constants, from inputs that are fixed, or from declared shapes. What one branch brings may decide the
/// next If. Exact. Names must be unique in the whole model.
/// </summary>
internal sealed class InlineDecidedIf : IGraphPass
{
    public void Run(PassContext context)
    {
        while (Decided(context) is { Count: > 0 } decided)
            foreach ((OnnxNode node, OnnxGraph branch) in decided)
            {
                context.Editor.ReplaceByBranch(node, branch);
                context.CountApplied();
            }
        foreach (OnnxNode node in context.Graph.Nodes.Where(node => node.Is("If")))
            context.Decline(node, $"its condition '{node.Inputs[0]}' is not known before the model runs");
    }

    private static List<(OnnxNode Node, OnnxGraph Branch)> Decided(PassContext context)
    {
        StaticFacts facts = StaticFacts.Of(context);
        var decided = new List<(OnnxNode, OnnxGraph)>();
        foreach (OnnxNode node in context.Graph.Nodes.Where(node => node.Is("If")))
            if (facts.ValueOf(node.Inputs[0]) is { IsKnown: true, Known: [var condition] }
                && node.Body(condition != 0 ? "then_branch" : "else_branch") is { } branch)
                decided.Add((node, branch));
        return decided;
    }
}
