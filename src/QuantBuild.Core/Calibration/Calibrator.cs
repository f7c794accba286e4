using System.Runtime.InteropServices;
using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;

namespace QuantBuild.Calibration;

/// <summary>Streams samples through the float model and keeps statistics per activation, nothing per sample.</summary>
/// <param name="memoryLimit">Bytes that the exposed values of one batch and the statistics of all activations may take together; values that do not
/// fit are read in a further pass over the data.</param>
internal sealed class Calibrator(IInferenceEngine engine, DiagnosticOrigin origin, long memoryLimit)
{
    /// <param name="keepsRows">True to keep rows of what nodes with weights read as well.</param>
    /// <exception cref="QuantBuildException">QB4005: an input holds NaN or an infinity.</exception>
    public CalibrationTable Calibrate(
        OnnxModel prepared,
        PlacementPlan plan,
        TensorFacts facts,
        ModelSamples? samples,
        Action<double> progress,
        CancellationToken cancellation,
        bool keepsRows = false)
    {
        string[] values = [.. plan.Activations.Where(activation => activation.TiedTo is null).Select(activation => activation.Value).Distinct()];
        var statistics = new Dictionary<string, TensorStatistics>(StringComparer.Ordinal);
        foreach (string value in values)
            statistics.Add(value, new TensorStatistics { IsGiven = prepared.Graph.IsInput(value) });
        foreach (PlannedActivation activation in plan.Activations)
            if (activation.TiedTo is { } original)
                statistics.Add(activation.Value, statistics[original]);
        if (samples is null)
            return new CalibrationTable(statistics, 0);

        RowSamplers rows = keepsRows ? RowSamplers.For(plan, prepared.Graph, Batches(samples), memoryLimit) : RowSamplers.None;
        string[][] groups = [.. Groups(prepared.Graph, [.. values.Union(rows.Values)], facts, samples.BatchSize)];
        var tied = statistics.Keys.Except(values).ToHashSet(StringComparer.Ordinal);
        for (int i = 0; i < groups.Length; i++)
            Observe(prepared, groups[i], statistics, tied, rows, samples, fraction => progress((i + fraction) / groups.Length), cancellation);
        return new CalibrationTable(statistics, samples.Calibration.Count) { Rows = rows.ToRows() };
    }

    private void Observe(
        OnnxModel prepared,
        string[] group,
        IReadOnlyDictionary<string, TensorStatistics> statistics,
        HashSet<string> tied,
        RowSamplers rows,
        ModelSamples samples,
        Action<double> progress,
        CancellationToken cancellation)
    {
        var exposer = new ValueExposer(prepared.Clone());
        string[] inputs = [.. group.Where(prepared.Graph.IsInput)];
        ExposedValue[] exposed = [.. group.Except(inputs).Select(exposer.Expose)];
        string[] outputs = [.. exposed.Select(value => value.Output)];

        using IInferenceSession session = engine.Open(exposer.ToImage());
        long batches = Batches(samples);
        long index = 0;
        long seen = 0;
        foreach (SampleBatch batch in samples.Calibration.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            long weight = MovingRange.WeightOf(index, batches);
            foreach (InputTensor input in batch.Inputs.Where(input => inputs.Contains(input.Name)))
            {
                statistics[input.Name].Add(MemoryMarshal.Cast<byte, float>(input.Bytes.Span), weight);
                rows.Add(input.Name, index, MemoryMarshal.Cast<byte, float>(input.Bytes.Span), [.. input.Shape]);
                if (statistics[input.Name].NotFinite is { } what)
                    throw new QuantBuildException(DiagnosticCatalogue.NotFinite.At(origin with { Setting = "CalibrationData" }, input.Name, what));
            }
            if (outputs.Length > 0)
                session.RunConcurrently(batch.Inputs, outputs, (output, tensor) =>
                {
                    if (!tied.Contains(exposed[output].Value))
                        statistics[exposed[output].Value].Add(tensor.Floats, weight);
                    if (exposed[output].StackedAxes == 0)
                        rows.Add(exposed[output].Value, index, tensor.Floats, tensor.Shape);
                });
            index++;
            seen += batch.Count;
            progress((double)seen / samples.Calibration.Count);
        }
    }

    private static long Batches(ModelSamples samples) => (samples.Calibration.Count + samples.BatchSize - 1) / samples.BatchSize;

    /// <summary>Cuts the values into groups whose memory fits the limit, one value at least; follows from the model and the limit alone.</summary>
    private IEnumerable<string[]> Groups(OnnxGraph graph, string[] values, TensorFacts facts, int batchSize)
    {
        long budget = memoryLimit - (values.Length * TensorStatistics.SizeBytes);
        var group = new List<string>();
        long bytes = 0;
        foreach (string value in values)
        {
            long size = graph.IsInput(value) ? 0 : facts.Of(value)!.Length * sizeof(float) * batchSize;
            if (group.Count > 0 && bytes + size > budget)
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
