using System.Runtime.InteropServices;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;

namespace QuantBuild.Calibration;

/// <summary>Reads, from a model that is quantized already, the rows that were kept of the float model: the same positions of the same samples, with the errors
/// of all nodes before in them.</summary>
internal sealed class StreamRows(IInferenceEngine engine, ModelSamples samples)
{
    /// <param name="table">Of the float model.</param>
    /// <param name="graph">The float model.</param>
    /// <param name="quantized">Changed; give a clone.</param>
    /// <param name="valueNames">Value of the float model → the value that stands for it in the quantized one.</param>
    /// <param name="wanted">Nodes whose rows are wanted.</param>
    /// <param name="share">Part of the batches that is read, from the first on; above 0.</param>
    /// <returns>Fewer rows than the table has where not all batches are read.</returns>
    public IReadOnlyDictionary<RowsKey, InputRows> Read(
        CalibrationTable table,
        OnnxGraph graph,
        OnnxModel quantized,
        IReadOnlyDictionary<string, string> valueNames,
        IReadOnlyList<PlannedNode> wanted,
        double share,
        CancellationToken cancellation)
    {
        Reader[] readers =
        [
            .. wanted.DistinctBy(node => RowsKey.Of(node, graph)).Where(node => table.RowsOf(node, graph) is { Count: > 0 })
                .Select(node => new Reader(RowsKey.Of(node, graph)!.Value, InputWindow.Of(node, graph)!, table.RowsOf(node, graph)!)),
        ];
        ILookup<string, Reader> byValue = readers.ToLookup(reader => reader.Key.Value, StringComparer.Ordinal);
        string[] inner = [.. readers.Select(reader => reader.Key.Value).Distinct(StringComparer.Ordinal).Where(value => !graph.IsInput(value))];
        var exposer = new ValueExposer(quantized);
        string[] outputs = [.. inner.Select(value => exposer.Expose(valueNames[value]).Output)];

        using IInferenceSession session = engine.Open(exposer.ToImage());
        long batches = samples.CalibrationBatches;
        long last = Math.Max(1, (long)Math.Ceiling(share * HeldOutBatches.OthersOf(batches))) - 1;
        long index = -1;
        foreach (SampleBatch batch in samples.Calibration.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            if (HeldOutBatches.Holds(++index, batches))
                continue;
            long position = HeldOutBatches.PositionOf(index, batches);
            if (position > last)
                break;
            foreach (InputTensor input in batch.Inputs)
                foreach (Reader reader in byValue[input.Name])
                    reader.Read(position, MemoryMarshal.Cast<byte, float>(input.Bytes.Span), [.. input.Shape]);
            if (outputs.Length > 0)
                session.RunConcurrently(batch.Inputs, outputs, (i, tensor) =>
                {
                    foreach (Reader reader in byValue[inner[i]])
                        reader.Read(position, tensor.Floats, tensor.Shape);
                });
        }
        return readers.ToDictionary(reader => reader.Key, reader => reader.ToRows());
    }

    private sealed class Reader(RowsKey key, InputWindow window, InputRows original)
    {
        private int next;

        public RowsKey Key => key;

        private readonly float[] values = new float[original.Values.Length];

        public InputRows ToRows() => new(original.Groups, original.Columns, [.. original.Positions.Take(next)], values[..(next * window.RowLength)]);

        public void Read(long batch, ReadOnlySpan<float> tensor, ReadOnlySpan<long> shape)
        {
            for (; next < original.Count && original.Positions[next].Batch == batch; next++)
                window.Read(tensor, shape, original.Positions[next].Row, values.AsSpan(next * window.RowLength, window.RowLength));
        }
    }
}
