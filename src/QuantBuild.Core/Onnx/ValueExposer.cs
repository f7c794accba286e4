using QuantBuild.Onnx.Schema;

namespace QuantBuild.Onnx;

/// <summary>Makes inner values of a model outputs of it, those in bodies of If, Loop and Scan as well, so that a run shows them.</summary>
/// <remarks>
/// A branch gives the value as one output more, the other branch an empty tensor in its place; a loop stacks the values of its iterations
/// along a new first axis. Names must be unique in the whole model, and values in bodies must be float32 tensors.
/// </remarks>
internal sealed class ValueExposer
{
    private readonly OnnxModel model;
    private readonly GraphEditor names;
    private readonly Dictionary<OnnxGraph, OnnxNode> owners = [];
    private readonly Dictionary<string, OnnxGraph> graphs = new(StringComparer.Ordinal);

    /// <param name="model">Its main graph and bodies are changed; give a clone.</param>
    public ValueExposer(OnnxModel model)
    {
        this.model = model;
        names = new GraphEditor(model.Graph);
        foreach (OnnxGraph graph in model.Graph.WithBodies)
        {
            foreach (OnnxNode node in graph.Nodes)
                foreach (OnnxGraph body in node.Subgraphs)
                    owners.Add(body, node);
            if (graph.Outer is not null)
                foreach (string value in graph.OwnNames)
                    graphs.TryAdd(value, graph);
        }
    }

    /// <summary>True for a value of the main graph, and for one in bodies of If, Loop and Scan only.</summary>
    public bool CanExpose(string value)
    {
        for (OnnxGraph? graph = graphs.GetValueOrDefault(value); graph?.Outer is not null; graph = graph.Outer)
            if (owners[graph] is not { Domain: "", OpType: "If" or "Loop" or "Scan" })
                return false;
        return true;
    }

    /// <returns>The output of the model that shows the value.</returns>
    public ExposedValue Expose(string value)
    {
        if (!graphs.TryGetValue(value, out OnnxGraph? graph))
        {
            names.AddOutput(value);
            return new ExposedValue(value, value, 0);
        }
        string shown = value;
        int loops = 0;
        for (; graph.Outer is { } outer; graph = outer)
        {
            OnnxNode owner = owners[graph];
            AddOutput(graph, "Identity", shown);
            if (owner.Is("If"))
                foreach (OnnxGraph other in owner.Subgraphs.Where(other => other != graph))
                    AddOutput(other, "Constant").SetTensor("value", OnnxTensor.Float([0], []));
            else
                loops++;
            if (owner.Is("Scan"))
                foreach (string attribute in new[] { "scan_output_axes", "scan_output_directions" })
                    if (owner.GetInts(attribute) is { } perOutput)
                        owner.SetInts(attribute, [.. perOutput, 0]);
            shown = names.UniqueName(value);
            owner.Proto.Output.Add(shown);
        }
        names.AddOutput(shown);
        return new ExposedValue(value, shown, loops);
    }

    /// <summary>The changed model.</summary>
    public ModelImage ToImage() => model.ToImage();

    private OnnxNode AddOutput(OnnxGraph graph, string opType, params string[] inputs)
    {
        string output = names.UniqueName("shown");
        var proto = new NodeProto { OpType = opType, Output = { output } };
        proto.Input.AddRange(inputs);
        var node = new OnnxNode(proto, graph);
        graph.Insert(graph.Nodes.Count, node);
        graph.Proto.Output.Add(new ValueInfoProto
        {
            Name = output, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)OnnxElementType.Float } },
        });
        return node;
    }
}

/// <param name="Output">Name of the model's output.</param>
/// <param name="StackedAxes">First axes of the output that count iterations of loops; the value's own follow.</param>
internal sealed record ExposedValue(string Value, string Output, int StackedAxes);
