using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;

namespace QuantBuild.Rewriting;

/// <summary>What the runtime made of the plan.</summary>
/// <param name="Fused">By index into the planned nodes: true when the node runs in an integer kernel.</param>
internal sealed record FusionReport(IReadOnlyList<bool> Fused)
{
    /// <summary>By index into the dynamic nodes.</summary>
    public IReadOnlyList<bool> Dynamic { get; init; } = [];

    public int FusedCount => Fused.Concat(Dynamic).Count(fused => fused);

    public int PlannedCount => Fused.Count + Dynamic.Count;
}

/// <summary>Loads the shipped model at the runtime's full optimization and looks for the integer kernel of every planned node.</summary>
internal static class FusionCheck
{
    /// <exception cref="QuantBuildException">QB6002: the runtime refuses the quantized model. QB2007: and the original too, which nothing has
    /// loaded before where there is no data.</exception>
    public static FusionReport Check(
        OnnxModel original, QuantizedModel quantized, PlacementPlan plan, IInferenceEngine engine, DiagnosticOrigin origin, DiagnosticBag problems)
    {
        try
        {
            return Check(quantized, plan, engine, origin, problems);
        }
        catch (InferenceException exception)
        {
            DiagnosticDescriptor refused = IsRefused(original.ToImage(), engine)
                ? DiagnosticCatalogue.ModelDoesNotRun
                : DiagnosticCatalogue.RewrittenModelDoesNotRun;
            throw new QuantBuildException(refused.At(origin, origin.Model, exception.Message), exception);
        }
    }

    private static FusionReport Check(
        QuantizedModel quantized, PlacementPlan plan, IInferenceEngine engine, DiagnosticOrigin origin, DiagnosticBag problems)
    {
        if (plan.Nodes.Count + plan.DynamicNodes.Count == 0)
        {
            // Writing the optimized graph of a large model takes longer than loading it.
            engine.Open(quantized.Image).Dispose();
            return new FusionReport([]);
        }
        ILookup<string, (OnnxNode Node, OnnxGraph Graph)> shipped = Optimized(quantized.Image, engine, origin);
        var model = new Lazy<OnnxModel>(() => OnnxModelReader.ParseAnyOpset(quantized.Image, origin));
        var branches = new Lazy<IReadOnlySet<string>>(() => UndecidedBranches.NodesIn(model.Value));
        var undecided = new Lazy<ILookup<string, (OnnxNode Node, OnnxGraph Graph)>>(
            () => Optimized(UndecidedBranches.Write(model.Value), engine, origin));

        var fused = new bool[plan.Nodes.Count];
        for (int i = 0; i < fused.Length; i++)
        {
            PlannedNode planned = plan.Nodes[i];
            fused[i] = planned.Kernels.Contains(planned.Node.OpType)
                ? Named(quantized.NodeNames[i]).All(entry => RunsOnCodes(entry.Node, entry.Graph))
                : Named(quantized.NodeNames[i]).Any(entry => planned.Kernels.Contains(entry.Node.OpType));
            if (!fused[i])
                Warn(planned.Node, planned.Kernels);
        }

        var dynamic = new bool[plan.DynamicNodes.Count];
        for (int i = 0; i < dynamic.Length; i++)
        {
            DynamicNode planned = plan.DynamicNodes[i];
            dynamic[i] = Named(quantized.DynamicNames[i]).Any(entry => planned.Kernels.Contains(entry.Node.OpType));
            if (!dynamic[i])
                Warn(planned.Node, planned.Kernels);
        }
        return new FusionReport(fused) { Dynamic = dynamic };

        IEnumerable<(OnnxNode Node, OnnxGraph Graph)> Named(string name) =>
            !shipped.Contains(name) && branches.Value.Contains(name) ? undecided.Value[name] : shipped[name];

        void Warn(OnnxNode node, IReadOnlyList<string> kernels) => problems.Add(DiagnosticCatalogue.NotFused.At(
            origin, node.DisplayName, node.OpType, engine.Identity.Version, string.Join(" or ", kernels)));
    }

    /// <summary>The nodes of all graphs by the names that they had before.</summary>
    private static ILookup<string, (OnnxNode Node, OnnxGraph Graph)> Optimized(ModelImage model, IInferenceEngine engine, DiagnosticOrigin origin) =>
        OnnxModelReader.ParseAnyOpset(engine.Optimize(model), origin).Graph.WithBodies
            .SelectMany(graph => graph.Nodes, (graph, node) => (Node: node, Graph: graph))
            .ToLookup(entry => ShortName(entry.Node.Name), StringComparer.Ordinal);

    private static bool IsRefused(ModelImage model, IInferenceEngine engine)
    {
        try
        {
            engine.Open(model).Dispose();
            return false;
        }
        catch (InferenceException)
        {
            return true;
        }
    }

    /// <summary>The runtime appends to the names of nodes that it replaces; ours end with an underscore.</summary>
    private static string ShortName(string name) => name.IndexOf('_', StringComparison.Ordinal) is >= 0 and var end ? name[..(end + 1)] : name;

    /// <remarks>A node that moves data keeps its operator when it runs on codes; one that the runtime took out moves nothing any more.</remarks>
    private static bool RunsOnCodes(OnnxNode node, OnnxGraph graph) => graph.ProducerOf(node.Inputs[0]) is not { OpType: "DequantizeLinear" };
}
