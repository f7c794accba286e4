namespace QuantBuild.Onnx;

/// <summary>A graph and the graphs around it: what a name means inside a body of If, Loop or Scan.</summary>
internal sealed class GraphScope
{
    private GraphScope(OnnxGraph graph, GraphScope? outer)
    {
        Graph = graph;
        Outer = outer;
    }

    public OnnxGraph Graph { get; }

    /// <summary>Null for the main graph.</summary>
    public GraphScope? Outer { get; }

    /// <summary>The main graph, then every body in the order of the nodes that hold them, each before the bodies in it.</summary>
    public static IEnumerable<GraphScope> AllOf(OnnxGraph main) => Walk(new GraphScope(main, null));

    /// <summary>The constant behind a name, and the graph that stores it; null when the name is not one.</summary>
    public (OnnxGraph Owner, OnnxTensor Tensor)? ConstantOf(string? name)
    {
        for (GraphScope? scope = this; scope is not null && name is not null; scope = scope.Outer)
        {
            if (scope.Graph.InitializerOf(name) is { } tensor)
                return (scope.Graph, tensor);
            if (Defines(scope.Graph, name))
                return null;
        }
        return null;
    }

    /// <summary>Every place that reads a value of this graph: nodes of the graph and of the bodies in it.</summary>
    public static IEnumerable<ValueReader> ReadersOf(OnnxGraph graph, string value)
    {
        foreach (OnnxNode node in graph.ConsumersOf(value))
        {
            for (int i = 0; i < node.Inputs.Count; i++)
                if (node.Inputs[i] == value)
                    yield return new ValueReader(graph, node, i);
            foreach (OnnxGraph body in node.Subgraphs.Where(body => !Defines(body, value)))
                foreach (ValueReader reader in ReadersOf(body, value))
                    yield return reader;
        }
    }

    private static IEnumerable<GraphScope> Walk(GraphScope scope)
    {
        yield return scope;
        foreach (OnnxGraph body in scope.Graph.Nodes.SelectMany(node => node.Subgraphs))
            foreach (GraphScope inner in Walk(new GraphScope(body, scope)))
                yield return inner;
    }

    private static bool Defines(OnnxGraph graph, string name) =>
        graph.IsInitializer(name) || graph.IsDeclaredInput(name) || graph.ProducerOf(name) is not null;
}

/// <param name="Graph">The graph that the node is in.</param>
/// <param name="Input">Position among the node's inputs.</param>
internal readonly record struct ValueReader(OnnxGraph Graph, OnnxNode Node, int Input);
