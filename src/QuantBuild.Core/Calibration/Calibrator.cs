using System.Runtime.InteropServices;
using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Numerics;
using QuantBuild.Onnx;
using QuantBuild.Placement;

namespace QuantBuild.Calibration;

/// <summary>Streams samples through the float model and keeps a histogram per activation, nothing per sample.</summary>
internal sealed class Calibrator(IInferenceEngine engine, DiagnosticOrigin origin)
{
    /// <summary>What the exposed values of one batch may take together; more of them are read in a further pass over the data.</summary>
    private const long ExposedBudgetBytes = 128L << 20;

    /// <exception cref="QuantBuildException">QB4005: an activation holds NaN or an infinity.</exception>
    public CalibrationTable Calibrate(
        OnnxModel prepared, PlacementPlan plan, TensorFacts facts, ModelSamples? samples, Action<double> progress, CancellationToken cancellation)
    {
        string[] values = [.. plan.Activations.Where(activation => activation.TiedTo is null).Select(activation => activation.Value)];
        var histograms = new Dictionary<string, StreamingHistogram>(StringComparer.Ordinal);
        foreach (string value in values)
            histograms.Add(value, new StreamingHistogram());

        if (samples is null)
            return new CalibrationTable(histograms, 0);
        string[][] groups = [.. Groups(prepared.Graph, values, facts, samples.BatchSize)];
        for (int i = 0; i < groups.Length; i++)
            Observe(prepared, groups[i], histograms, samples.Calibration, fraction => progress((i + fraction) / groups.Length), cancellation);
        return new CalibrationTable(histograms, samples.Calibration.Count);
    }

    private void Observe(
        OnnxModel prepared,
        string[] group,
        IReadOnlyDictionary<string, StreamingHistogram> histograms,
        SampleStream samples,
        Action<double> progress,
        CancellationToken cancellation)
    {
        OnnxModel exposed = prepared.Clone();
        var editor = new GraphEditor(exposed.Graph);
        string[] inputs = [.. group.Where(exposed.Graph.IsInput)];
        string[] outputs = [.. group.Except(inputs)];
        foreach (string output in outputs)
            editor.AddOutput(output);

        using IInferenceSession session = engine.Open(exposed.ToImage());
        long seen = 0;
        foreach (SampleBatch batch in samples.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (InputTensor input in batch.Inputs.Where(input => inputs.Contains(input.Name)))
                Add(histograms[input.Name], input.Name, MemoryMarshal.Cast<byte, float>(input.Bytes.Span));
            if (outputs.Length > 0)
                session.Run(batch.Inputs, outputs, (index, output) => Add(histograms[outputs[index]], outputs[index], output.Floats));
            seen += batch.Count;
            progress((double)seen / samples.Count);
        }
    }

    private void Add(StreamingHistogram histogram, string name, ReadOnlySpan<float> values)
    {
        FloatRange range = MinMaxKernel.Scan(values);
        if (range.HasNaN || range.HasInfinity)
            throw new QuantBuildException(DiagnosticCatalogue.NotFinite.At(origin with { Setting = "CalibrationData" }, name, range.HasNaN ? "NaN" : "infinite values"));
        histogram.Add(values, range);
    }

    /// <summary>Cuts the values into groups whose memory fits the budget; follows from the model alone.</summary>
    private static IEnumerable<string[]> Groups(OnnxGraph graph, string[] values, TensorFacts facts, int batchSize)
    {
        var group = new List<string>();
        long bytes = 0;
        foreach (string value in values)
        {
            long size = graph.IsInput(value) ? 0 : facts.Of(value)!.Length * sizeof(float) * batchSize;
            if (group.Count > 0 && bytes + size > ExposedBudgetBytes)
            {
                yield return [.. group];
                group.Clear();
                bytes = 0;
            }
            group.Add(value);
            bytes += size;
        }
        if (group.Count > 0)
            yield return [.. group];
    }
}
