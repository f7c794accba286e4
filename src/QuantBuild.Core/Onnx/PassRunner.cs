using QuantBuild.Diagnostics;

namespace QuantBuild.Onnx;

/// <summary>Runs passes in order over all graphs of a model and checks the model after each, so that a mistake names its maker.</summary>
internal static class PassRunner
{
    /// <exception cref="QuantBuildException">QB3001: a pass left an invalid graph.</exception>
    public static IReadOnlyList<PassOutcome> Run(OnnxModel model, IReadOnlyList<IGraphPass> passes, DiagnosticOrigin origin)
    {
        var outcomes = new List<PassOutcome>();
        foreach (IGraphPass pass in passes)
        {
            string name = pass.GetType().Name;
            var contexts = new List<PassContext>();
            RunOn(model.Graph, pass, model, contexts);
            if (ModelChecker.FindProblem(model) is { } problem)
                throw new QuantBuildException(DiagnosticCatalogue.PassBrokeGraph.At(origin, origin.Model, name, problem));
            outcomes.Add(new PassOutcome(name, contexts.Sum(context => context.Applied), [.. contexts.SelectMany(context => context.Declined)]));
        }
        return outcomes;
    }

    /// <remarks>Bodies first: what they read from around them decides what may be removed there.</remarks>
    private static void RunOn(OnnxGraph graph, IGraphPass pass, OnnxModel model, List<PassContext> contexts)
    {
        foreach (OnnxNode node in graph.Nodes)
            foreach (OnnxGraph body in node.Subgraphs)
                RunOn(body, pass, model, contexts);
        graph.Reindex();
        var context = new PassContext(model, graph);
        contexts.Add(context);
        pass.Run(context);
        if (context.Editor.Changed)
            context.Editor.SortTopologically();
    }
}
