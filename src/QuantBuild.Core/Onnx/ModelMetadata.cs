using QuantBuild.Onnx.Schema;

namespace QuantBuild.Onnx;

/// <summary>What a file says about itself beyond what it computes.</summary>
internal static class ModelMetadata
{
    private const string Producer = "QuantBuild";

    /// <summary>Removes comments, declared types of inner values, and names that only tools use. The model's own key-value properties stay: programs read them.</summary>
    public static void Strip(OnnxModel model)
    {
        ModelProto proto = model.Proto;
        proto.ProducerName = Producer;
        proto.ClearProducerVersion();
        proto.ClearDocString();
        Strip(proto.Graph, model.Graph);
        // A graph must have a name.
        proto.Graph.Name = "g";
    }

    private static void Strip(GraphProto graph, OnnxGraph wrapper)
    {
        graph.ClearDocString();
        graph.ValueInfo.Clear();
        graph.QuantizationAnnotation.Clear();
        graph.MetadataProps.Clear();
        foreach (OnnxNode node in wrapper.Nodes)
        {
            node.Proto.ClearDocString();
            node.Proto.MetadataProps.Clear();
            foreach (OnnxGraph body in node.Subgraphs)
                Strip(body.Proto, body);
        }
        foreach (TensorProto initializer in graph.Initializer)
            initializer.ClearDocString();
    }
}
