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
    /// <param name="forFewBits">True to keep so many of them that weights can be rounded to few bits.</param>
    /// <exception cref="QuantBuildException">QB4005: an input holds NaN or an infinity.</exception>
    public CalibrationTable Calibrate(
        OnnxModel prepared,
        PlacementPlan plan,
        TensorFacts facts,
        ModelSamples? samples,
        Action<double> progress,
        CancellationToken cancellation,
        bool keepsRows = false,
        bool forFewBits = false)
    {
        string[] values = [.. plan.Activations.Where(activation => activation.TiedTo is null).Select(activation => activation.Value).Distinct()];
        var statistics = new Dictionary<string, TensorStatistics>(StringComparer.Ordinal);
        foreach (string value in values)
            statistics.Add(value, new TensorStatistics { IsGiven = prepared.Graph.IsInput(value) });
        foreach (PlannedActivation activation in plan.Activations)
            if (activation.TiedTo is { } tied)
                statistics.Add(activation.Value, statistics[tied]);
        if (samples is null)
            return new CalibrationTable(statistics, 0);

        // What is tied is not seen by itself, and yet its rows may be wanted.
        RowSamplers rows = keepsRows ? RowSamplers.For(plan, prepared.Graph, HeldOutBatches.OthersOf(samples.CalibrationBatches), memoryLimit, forFewBits || plan.LowBits.Integers.Count > 0) : RowSamplers.None;
        string[] exposed = [.. values.Union(rows.Values)];
        Dictionary<string, TensorStatistics> own = values.ToDictionary(value => value, value => statistics[value]);
        string[][] groups = [.. Groups(prepared.Graph, exposed, facts, SampleGrowth.Of(samples.Calibration, facts, cancellation), samples.BatchSize)];
        for (int i = 0; i < groups.Length; i++)
            Observe(prepared, groups[i], own, rows, samples, fraction => progress((i + fraction) / groups.Length), cancellation);
        return new CalibrationTable(statistics, samples.Calibration.Count) { MaskInput = samples.Mask?.Input, Rows = rows.ToRows() };
    }

    private void Observe(
        OnnxModel prepared,
        string[] group,
        IReadOnlyDictionary<string, TensorStatistics> statistics,
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
        HashSet<string> apart = RowsApart(samples.Mask, session, inputs, exposed);
        long batches = samples.CalibrationBatches;
        long index = 0;
        long seen = 0;
        foreach (SampleBatch batch in samples.Calibration.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            long weight = MovingRange.WeightOf(index, batches);
            LivePositions? live = samples.Mask?.LiveIn(batch.Inputs);
            foreach (InputTensor input in batch.Inputs.Where(input => inputs.Contains(input.Name)))
            {
                LivePositions? liveRows = apart.Contains(input.Name) ? live : null;
                statistics[input.Name].Add(MemoryMarshal.Cast<byte, float>(input.Bytes.Span), weight, liveRows);
                if (!HeldOutBatches.Holds(index, batches))
                    rows.Add(
                        input.Name, HeldOutBatches.PositionOf(index, batches), MemoryMarshal.Cast<byte, float>(input.Bytes.Span), [.. input.Shape], liveRows);
                if (statistics[input.Name].NotFinite is { } what)
                    throw new QuantBuildException(DiagnosticCatalogue.NotFinite.At(origin with { Setting = "CalibrationData" }, input.Name, what));
            }
            if (outputs.Length > 0)
                session.RunConcurrently(batch.Inputs, outputs, (output, tensor) =>
                {
                    string value = exposed[output].Value;
                    LivePositions? liveRows = apart.Contains(value) && live?.HasRowsIn(tensor.Shape) == true ? live : null;
                    if (statistics.TryGetValue(value, out TensorStatistics? seenOf))
                        seenOf.Add(tensor.Floats, weight, liveRows);
                    if (exposed[output].StackedAxes == 0 && !HeldOutBatches.Holds(index, batches))
                        rows.Add(value, HeldOutBatches.PositionOf(index, batches), tensor.Floats, tensor.Shape, liveRows);
                });
            index++;
            if (index == ValueBulk.EarlierBatches(batches))
                foreach (string value in group.Where(statistics.ContainsKey))
                    statistics[value].KeepBulk();
            seen += batch.Count;
            progress((double)seen / samples.Calibration.Count);
        }
    }

    /// <summary>The values with rows for positions that count only where the mask leaves them in.</summary>
    private static HashSet<string> RowsApart(PaddingMask? mask, IInferenceSession session, string[] inputs, ExposedValue[] exposed)
    {
        if (mask is null)
            return [];
        ExposedValue[] computed = [.. exposed.Where(value => value.StackedAxes == 0)];
        bool[] apart = computed.Length == 0 ? [] : mask.HaveRowsApart(session, [.. computed.Select(value => value.Output)]);
        return [.. inputs.Where(mask.HasRowsApart), .. computed.Where((_, i) => apart[i]).Select(value => value.Value)];
    }

    /// <summary>Cuts the values into groups whose memory fits the limit, in the largest sample too, one value at least; follows from the model, the
    /// samples and the limit alone.</summary>
    private IEnumerable<string[]> Groups(OnnxGraph graph, string[] values, TensorFacts facts, SampleGrowth growth, int batchSize)
    {
        long budget = memoryLimit - (values.Length * TensorStatistics.SizeBytes);
        var group = new List<string>();
        double bytes = 0;
        foreach (string value in values)
        {
            double size = graph.IsInput(value) ? 0 : growth.BytesOf(facts.Of(value)!) * batchSize;
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
