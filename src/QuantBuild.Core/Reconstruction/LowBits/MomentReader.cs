using System.Runtime.InteropServices;
using QuantBuild.Calibration;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;

namespace QuantBuild.Reconstruction.LowBits;

/// <summary>Adds up the second moments of what nodes with weights read in the main graph, in one pass over the samples that are not held out.</summary>
internal sealed class MomentReader(IInferenceEngine engine, ModelSamples samples)
{
    /// <summary>Sixteen equations for every unknown: fewer, and weights of few bits learn the samples by heart.</summary>
    private const int RowsPerColumn = 16;

    private const int FewestRows = 8192;

    private const int MostRows = 65536;

    /// <summary>Products of one node: a second of work.</summary>
    private const long MostProducts = 1L << 37;

    private const int FewestRowsPerColumn = 2;

    /// <summary>Moments of one node: those of 8192 inputs of a product.</summary>
    private const long MostMoments = 8192L * 8192;

    /// <summary>Bytes that the moments of a node take, with the products of a part of the rows.</summary>
    public static long BytesOf(PlannedNode node, OnnxGraph graph) => MomentsOf(node, graph) * (sizeof(double) + sizeof(long));

    /// <summary>False for a node whose moments would not fit in memory, or not be added up in time.</summary>
    public static bool Takes(PlannedNode node, OnnxGraph graph) => MomentsOf(node, graph) <= MostMoments;

    private static long MomentsOf(PlannedNode node, OnnxGraph graph) =>
        InputWindow.Of(node, graph) is { } window ? (long)window.Groups * window.Columns * window.Columns : 0;

    /// <param name="model">The float model.</param>
    /// <param name="nodes">Those of its main graph whose moments are wanted.</param>
    /// <param name="quantized">The same with what has been rounded so far; null: x̂ is x.</param>
    /// <returns>Without nodes that no sample reached, and those that read what no moments can tell of.</returns>
    public IReadOnlyDictionary<RowsKey, MomentSums> Read(
        OnnxModel model, IReadOnlyList<PlannedNode> nodes, OnnxModel? quantized, CancellationToken cancellation)
    {
        OnnxGraph graph = model.Graph;
        long batches = samples.CalibrationBatches;
        Reader[] readers =
        [
            .. nodes.Where(node => InputWindow.Of(node, graph) is not null).DistinctBy(node => RowsKey.Of(node, graph)!.Value)
                .Select(node => new Reader(RowsKey.Of(node, graph)!.Value, InputWindow.Of(node, graph)!, HeldOutBatches.OthersOf(batches), quantized is not null)),
        ];
        string[] inner = [.. readers.Select(reader => reader.Key.Value).Distinct(StringComparer.Ordinal).Where(value => !graph.IsInput(value))];
        using var real = new Values(engine, model.Clone(), inner);
        using Values? seen = quantized is null ? null : new Values(engine, quantized.Clone(), inner);
        HashSet<string> apart = real.RowsApart(samples.Mask);
        ILookup<string, Reader> byValue = readers.ToLookup(reader => reader.Key.Value, StringComparer.Ordinal);

        long index = -1;
        foreach (SampleBatch batch in samples.Calibration.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            if (HeldOutBatches.Holds(++index, batches))
                continue;
            long position = HeldOutBatches.PositionOf(index, batches);
            LivePositions? live = samples.Mask?.LiveIn(batch.Inputs);
            foreach (InputTensor input in batch.Inputs)
                foreach (Reader reader in byValue[input.Name])
                {
                    ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(input.Bytes.Span);
                    reader.ReadFloat(position, values, [.. input.Shape], apart.Contains(input.Name) ? live : null);
                    reader.ReadStream(values, [.. input.Shape]);
                }
            real.Run(batch.Inputs, (value, tensor) =>
            {
                LivePositions? liveRows = apart.Contains(value) && live?.HasRowsIn(tensor.Shape) == true ? live : null;
                foreach (Reader reader in byValue[value])
                    reader.ReadFloat(position, tensor.Floats, tensor.Shape, liveRows);
            });
            seen?.Run(batch.Inputs, (value, tensor) =>
            {
                foreach (Reader reader in byValue[value])
                    reader.ReadStream(tensor.Floats, tensor.Shape);
            });
            foreach (Reader reader in readers)
                reader.EndBatch();
        }
        return readers.Where(reader => reader.Moments.AreUsable()).ToDictionary(reader => reader.Key, reader => reader.Moments);
    }

    /// <summary>The same for a model too large to be run as a whole, in one pass over the samples for each of its parts.</summary>
    /// <param name="parts">Of the model.</param>
    /// <returns>After each part the moments of what it gives, and before the first those of the model's inputs. Whoever takes them may remove them.</returns>
    /// <exception cref="NotCuttableException">The model has to run as a whole.</exception>
    public IEnumerable<Dictionary<RowsKey, MomentSums>> ReadInParts(
        OnnxModel model, ModelParts parts, IReadOnlyList<PlannedNode> nodes, CancellationToken cancellation)
    {
        OnnxGraph graph = model.Graph;
        ILookup<string, PlannedNode> byValue = nodes.Where(node => InputWindow.Of(node, graph) is not null)
            .DistinctBy(node => RowsKey.Of(node, graph)!.Value).ToLookup(node => RowsKey.Of(node, graph)!.Value.Value, StringComparer.Ordinal);
        string[] inner = [.. byValue.Select(value => value.Key).Where(value => !graph.IsInput(value))];
        long batches = HeldOutBatches.OthersOf(samples.CalibrationBatches);
        HashSet<string> apart = ApartIn(model, inner);
        LivePositions?[] live = apart.Count == 0 ? [] : [.. Batches(cancellation).Select(samples.Mask!.LiveIn)];
        var readers = new Dictionary<RowsKey, Reader>();

        int position = 0;
        if (inner.Length < byValue.Count)
            foreach (IReadOnlyList<InputTensor> batch in Batches(cancellation))
            {
                foreach (InputTensor input in batch)
                    Read(position, input.Name, new OutputTensor(input.ElementType, [.. input.Shape], input.Bytes.Span));
                position++;
            }
        yield return Taken();
        foreach (IReadOnlyList<string> _ in new PartedRun(engine, parts).Run(inner, (int)batches, () => Batches(cancellation), Read))
            yield return Taken();

        void Read(int batch, string value, OutputTensor tensor)
        {
            LivePositions? rows = apart.Contains(value) && live[batch]?.HasRowsIn(tensor.Shape) == true ? live[batch] : null;
            foreach (PlannedNode node in byValue[value])
            {
                RowsKey key = RowsKey.Of(node, graph)!.Value;
                if (!readers.TryGetValue(key, out Reader? reader))
                    readers.Add(key, reader = new Reader(key, InputWindow.Of(node, graph)!, batches, hasStream: false));
                reader.ReadFloat(batch, tensor.Floats, tensor.Shape, rows);
                reader.EndBatch();
            }
        }

        Dictionary<RowsKey, MomentSums> Taken()
        {
            var moments = readers.Where(reader => reader.Value.Moments.AreUsable()).ToDictionary(reader => reader.Key, reader => reader.Value.Moments);
            readers.Clear();
            return moments;
        }
    }

    private HashSet<string> ApartIn(OnnxModel model, string[] values)
    {
        if (samples.Mask is null)
            return [];
        using var shown = new Values(engine, model.Clone(), values);
        return shown.RowsApart(samples.Mask);
    }

    private IEnumerable<IReadOnlyList<InputTensor>> Batches(CancellationToken cancellation)
    {
        long index = -1;
        foreach (SampleBatch batch in samples.Calibration.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            if (!HeldOutBatches.Holds(++index, samples.CalibrationBatches))
                yield return batch.Inputs;
        }
    }

    private static int RowsOf(long columns) => (int)Math.Clamp(
        Math.Min(RowsPerColumn * columns, Math.Max(MostProducts / (columns * columns), FewestRowsPerColumn * columns)), FewestRows, MostRows);

    /// <summary>A model that shows inner values.</summary>
    private sealed class Values : IDisposable
    {
        private readonly IInferenceSession session;
        private readonly string[] values;
        private readonly string[] outputs;

        public Values(IInferenceEngine engine, OnnxModel model, string[] values)
        {
            var exposer = new ValueExposer(model);
            this.values = values;
            outputs = [.. values.Select(value => exposer.Expose(value).Output)];
            session = engine.Open(exposer.ToImage());
        }

        public void Dispose() => session.Dispose();

        public void Run(IReadOnlyList<InputTensor> inputs, ValueVisitor visit)
        {
            if (outputs.Length > 0)
                session.RunConcurrently(inputs, outputs, (i, tensor) => visit(values[i], tensor));
        }

        public HashSet<string> RowsApart(PaddingMask? mask)
        {
            if (mask is null)
                return [];
            bool[] apart = outputs.Length == 0 ? [] : mask.HaveRowsApart(session, outputs);
            return [.. mask.Batch.Select(input => input.Name).Where(mask.HasRowsApart), .. values.Where((_, i) => apart[i])];
        }
    }

    private delegate void ValueVisitor(string value, OutputTensor tensor);

    private sealed class Reader
    {
        private readonly InputWindow window;
        private readonly RowChooser chooser;
        private readonly bool hasStream;
        private long[] chosen = [];
        private float[] rows = [];
        private float[] stream = [];

        public Reader(RowsKey key, InputWindow window, long batches, bool hasStream)
        {
            Key = key;
            this.window = window;
            this.hasStream = hasStream;
            chooser = new RowChooser(window, batches, RowsOf(window.Columns));
            Moments = new MomentSums(window.Groups, window.Columns, hasStream);
        }

        public RowsKey Key { get; }

        public MomentSums Moments { get; }

        public void ReadFloat(long batch, ReadOnlySpan<float> tensor, ReadOnlySpan<long> shape, LivePositions? live)
        {
            chosen = chooser.Choose(batch, shape, live);
            rows = Read(tensor, shape);
        }

        public void ReadStream(ReadOnlySpan<float> tensor, ReadOnlySpan<long> shape)
        {
            if (hasStream)
                stream = Read(tensor, shape);
        }

        public void EndBatch()
        {
            if (rows.Length > 0 && (!hasStream || stream.Length == rows.Length))
                Moments.Add(rows, stream);
            (rows, stream) = ([], []);
        }

        private float[] Read(ReadOnlySpan<float> tensor, ReadOnlySpan<long> shape)
        {
            var read = new float[chosen.Length * window.RowLength];
            for (int i = 0; i < chosen.Length; i++)
                window.Read(tensor, shape, chosen[i], read.AsSpan(i * window.RowLength, window.RowLength));
            return read;
        }
    }
}
