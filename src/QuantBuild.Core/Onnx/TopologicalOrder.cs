namespace QuantBuild.Onnx;

internal static class TopologicalOrder
{
    /// <summary>The nodes such that each stands behind the producers of what it reads; among those that may come next, the one first in the
    /// file comes first. Null when the graph has a cycle.</summary>
    public static IReadOnlyList<OnnxNode>? Of(OnnxGraph graph)
    {
        var position = new Dictionary<OnnxNode, int>();
        var open = new int[graph.Nodes.Count];
        for (int i = 0; i < graph.Nodes.Count; i++)
            position.Add(graph.Nodes[i], i);
        foreach (OnnxNode producer in graph.Nodes)
            foreach (OnnxNode consumer in Readers(graph, producer))
                open[position[consumer]]++;

        var ready = new PriorityQueue<OnnxNode, int>();
        for (int i = 0; i < open.Length; i++)
            if (open[i] == 0)
                ready.Enqueue(graph.Nodes[i], i);

        var order = new List<OnnxNode>(graph.Nodes.Count);
        while (ready.TryDequeue(out OnnxNode? node, out _))
        {
            order.Add(node);
            foreach (OnnxNode consumer in Readers(graph, node))
                if (--open[position[consumer]] == 0)
                    ready.Enqueue(consumer, position[consumer]);
        }
        return order.Count == graph.Nodes.Count ? order : null;
    }

    private static IEnumerable<OnnxNode> Readers(OnnxGraph graph, OnnxNode producer) =>
        producer.Outputs.Where(output => output.Length > 0).SelectMany(output => graph.ConsumersOf(output)).Distinct();
}
