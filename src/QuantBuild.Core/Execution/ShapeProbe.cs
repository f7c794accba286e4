using QuantBuild.Onnx;

namespace QuantBuild.Execution;

/// <summary>Learns types and shapes of all values from one run of one sample, where inference from the graph alone may fail.</summary>
internal static class ShapeProbe
{
    /// <summary>Values exposed in one run, so that a large model does not have to hold all of them at once.</summary>
    private const int ValuesPerRun = 64;

    /// <exception cref="InferenceException">The runtime refuses the model or the sample.</exception>
    public static TensorFacts Observe(OnnxModel model, IReadOnlyList<InputTensor> sample, IInferenceEngine engine)
    {
        var observed = new Dictionary<string, TensorFact>(StringComparer.Ordinal);
        foreach (InputTensor input in sample)
            observed[input.Name] = new TensorFact(input.ElementType, input.Shape);
        string[] values = [.. model.Graph.Nodes.SelectMany(node => node.Outputs).Where(output => output.Length > 0)];
        foreach (string[] group in values.Chunk(ValuesPerRun))
        {
            OnnxModel exposed = model.Clone();
            var editor = new GraphEditor(exposed.Graph);
            foreach (string value in group)
                editor.AddOutput(value);
            using IInferenceSession session = engine.Open(exposed.ToImage());
            session.Run(sample, group, (index, output) => observed[group[index]] = new TensorFact(output.ElementType, output.Shape.ToArray()));
        }
        return new TensorFacts(model.Graph, observed);
    }
}
