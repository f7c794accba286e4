using QuantBuild.Onnx;

namespace QuantBuild.Execution;

/// <summary>Learns types and shapes of all values from one run of one sample, where inference from the graph alone may fail. What is in the
/// bodies of If, Loop and Scan is learnt from as many samples as it takes to get there.</summary>
internal static class ShapeProbe
{
    /// <summary>Values exposed in one run, so that a large model does not have to hold all of them at once.</summary>
    private const int ValuesPerRun = 64;

    /// <summary>More are exposed where they are as small as those before: each run has a session of its own.</summary>
    private const long BytesPerRun = 64L << 20;

    /// <summary>A branch that none of so many samples takes has too little data for ranges.</summary>
    private const int MostSamples = 64;

    /// <exception cref="InferenceException">The runtime refuses the model or the sample.</exception>
    public static TensorFacts Observe(OnnxModel model, IReadOnlyList<InputTensor> sample, IInferenceEngine engine) =>
        Observe(model, [sample], engine);

    /// <summary>The same for a model that was made from another one and computes the same: what has kept its name has kept its shape.</summary>
    /// <param name="known">Of the other one.</param>
    /// <inheritdoc cref="Observe(OnnxModel, IReadOnlyList{InputTensor}, IInferenceEngine)"/>
    public static TensorFacts Observe(OnnxModel model, TensorFacts known, IReadOnlyList<InputTensor> sample, IInferenceEngine engine)
    {
        var observed = known.Observed.ToDictionary(StringComparer.Ordinal);
        string[] added = [.. model.Graph.Nodes.SelectMany(node => node.Outputs).Where(output => output.Length > 0 && !observed.ContainsKey(output))];
        if (added.Length > 0)
            Observe(model, added, [sample], engine, observed);
        return new TensorFacts(model.Graph, observed);
    }

    /// <param name="samples">Of those that ranges come from, so that what is seen here is seen there as well. Each must stay valid only until
    /// the next one is asked for.</param>
    /// <inheritdoc cref="Observe(OnnxModel, IReadOnlyList{InputTensor}, IInferenceEngine)"/>
    public static TensorFacts Observe(OnnxModel model, IEnumerable<IReadOnlyList<InputTensor>> samples, IInferenceEngine engine)
    {
        var observed = new Dictionary<string, TensorFact>(StringComparer.Ordinal);
        foreach (InputTensor input in samples.First())
            observed[input.Name] = new TensorFact(input.ElementType, input.Shape);
        string[] values = [.. model.Graph.Nodes.SelectMany(node => node.Outputs).Where(output => output.Length > 0)];
        for (int start = 0, count = ValuesPerRun; start < values.Length;)
        {
            string[] group = [.. values.Skip(start).Take(count)];
            Observe(model, group, samples.Take(1), engine, observed);
            start += group.Length;
            long bytes = group.Sum(value => observed.TryGetValue(value, out TensorFact? fact) ? fact.Bytes : 0);
            count = (int)Math.Clamp(group.Length * BytesPerRun / Math.Max(1, bytes), ValuesPerRun, int.MaxValue);
        }
        foreach (string[] group in BodyValues(model).Chunk(ValuesPerRun))
            if (!TryObserve(group))
                foreach (string value in group)
                    TryObserve([value]);
        return new TensorFacts(model.Graph, observed);

        // A loop may give its values other shapes from iteration to iteration, which cannot be stacked.
        bool TryObserve(string[] group)
        {
            try
            {
                Observe(model, group, samples.Take(MostSamples), engine, observed);
                return true;
            }
            catch (InferenceException)
            {
                return false;
            }
        }
    }

    private static IEnumerable<string> BodyValues(OnnxModel model) =>
        from body in model.Graph.WithBodies.Skip(1)
        from value in body.OwnNames
        where !body.IsInitializer(value) && ElementTypes.Of(body, value) == OnnxElementType.Float
        select value;

    private static void Observe(
        OnnxModel model,
        string[] values,
        IEnumerable<IReadOnlyList<InputTensor>> samples,
        IInferenceEngine engine,
        Dictionary<string, TensorFact> observed)
    {
        var exposer = new ValueExposer(model.Clone());
        ExposedValue[] exposed = [.. values.Where(exposer.CanExpose).Select(exposer.Expose)];
        using IInferenceSession session = engine.Open(exposer.ToImage());
        foreach (IReadOnlyList<InputTensor> sample in samples)
        {
            ExposedValue[] open = [.. exposed.Where(value => !observed.ContainsKey(value.Value))];
            if (open.Length == 0)
                return;
            session.Run(sample, [.. open.Select(value => value.Output)], (index, output) =>
            {
                // An empty tensor stands for a branch that is not taken, and for a loop without iterations.
                if (open[index].Output == open[index].Value || output.Bytes.Length > 0)
                    observed[open[index].Value] = new TensorFact(output.ElementType, output.Shape[open[index].StackedAxes..].ToArray());
            });
        }
    }
}
