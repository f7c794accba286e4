namespace QuantBuild.Onnx;

/// <summary>One change of a graph, named for what it does. Runs on the main graph and on every body of If, Loop and Scan.</summary>
internal interface IGraphPass
{
    void Run(PassContext context);
}

/// <summary>What a pass works with: one graph, its editor, and the place for reasons.</summary>
internal sealed class PassContext(OnnxModel model, OnnxGraph graph)
{
    private readonly List<DeclinedRule> declined = [];

    public OnnxModel Model => model;

    public OnnxGraph Graph => graph;

    public GraphEditor Editor { get; } = new(graph, model.Graph);

    /// <summary>How often the pass applied its rule.</summary>
    public int Applied { get; private set; }

    public IReadOnlyList<DeclinedRule> Declined => declined;

    public void CountApplied() => Applied++;

    /// <summary>The rule matched the node, but may not be applied; the reason goes into the report.</summary>
    public void Decline(OnnxNode node, string reason) => declined.Add(new DeclinedRule(node.DisplayName, reason));
}

internal sealed record DeclinedRule(string Node, string Reason);

/// <param name="Pass">Name of the pass.</param>
/// <param name="Applied">How often it applied its rule.</param>
internal sealed record PassOutcome(string Pass, int Applied, IReadOnlyList<DeclinedRule> Declined);
