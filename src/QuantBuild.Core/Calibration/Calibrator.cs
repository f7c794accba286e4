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

    private const string NaN = "NaN";

    /// <exception cref="QuantBuildException">QB4005: an input holds NaN or an infinity.</exception>
    public CalibrationTable Calibrate(
        OnnxModel prepared, PlacementPlan plan, TensorFacts facts, ModelSamples? samples, Action<double> progress, CancellationToken cancellation)
    {
        string[] values = [.. plan.Activations.Where(activation => activation.TiedTo is null).Select(activation => activation.Value).Distinct()];
        var histograms = new Dictionary<string, StreamingHistogram>(StringComparer.Ordinal);
        foreach (string value in values)
            histograms.Add(value, new StreamingHistogram());
        foreach (PlannedActivation activation in plan.Activations)
            if (activation.TiedTo is { } tied)
                histograms.Add(activation.Value, histograms[tied]);

        var notFinite = new Dictionary<string, string>(StringComparer.Ordinal);
        if (samples is null)
            return new CalibrationTable(histograms, notFinite, 0);
        string[][] groups = [.. Groups(prepared.Graph, values, facts, samples.BatchSize)];
        for (int i = 0; i < groups.Length; i++)
            Observe(prepared, groups[i], histograms, notFinite, samples.Calibration, fraction => progress((i + fraction) / groups.Length), cancellation);
        return new CalibrationTable(histograms, notFinite, samples.Calibration.Count);
    }

    private void Observe(
        OnnxModel prepared,
        string[] group,
        IReadOnlyDictionary<string, StreamingHistogram> histograms,
        Dictionary<string, string> notFinite,
        SampleStream samples,
        Action<double> progress,
        CancellationToken cancellation)
    {
        var exposer = new ValueExposer(prepared.Clone());
        string[] inputs = [.. group.Where(prepared.Graph.IsInput)];
        ExposedValue[] exposed = [.. group.Except(inputs).Select(exposer.Expose)];
        string[] outputs = [.. exposed.Select(value => value.Output)];

        using IInferenceSession session = engine.Open(exposer.ToImage());
        long seen = 0;
        foreach (SampleBatch batch in samples.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (InputTensor input in batch.Inputs.Where(input => inputs.Contains(input.Name)))
                if (Add(histograms[input.Name], MemoryMarshal.Cast<byte, float>(input.Bytes.Span)) is { } what)
                    throw new QuantBuildException(DiagnosticCatalogue.NotFinite.At(origin with { Setting = "CalibrationData" }, input.Name, what));
            if (outputs.Length > 0)
                session.Run(batch.Inputs, outputs, (index, output) =>
                {
                    string value = exposed[index].Value;
                    if (Add(histograms[value], output.Floats) is { } what && notFinite.GetValueOrDefault(value) != NaN)
                        notFinite[value] = what;
                });
            seen += batch.Count;
            progress((double)seen / samples.Count);
        }
    }

    /// <returns>Null, or what was found that no histogram holds.</returns>
    private static string? Add(StreamingHistogram histogram, ReadOnlySpan<float> values)
    {
        if (values.IsEmpty)
            return null; // a branch that is not taken, a loop without iterations
        FloatRange range = MinMaxKernel.Scan(values);
        if (range.HasNaN || range.HasInfinity)
            return range.HasNaN ? NaN : "infinite values";
        histogram.Add(values, range);
        return null;
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
