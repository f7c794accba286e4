using QuantBuild.Data;
using QuantBuild.Diagnostics;
using QuantBuild.Onnx;

namespace QuantBuild.Execution;

/// <summary>Selected samples of a data set as batches that the model takes. Can be read any number of times; holds one batch in memory.</summary>
/// <param name="batchSize">Samples in a batch: one when samples differ in shape. The last batch is filled up with its own first samples when the
/// model's batch is fixed.</param>
internal sealed class SampleStream(SampleBinding binding, SampleSelection selection, int batchSize)
{
    private readonly int batchSize = binding.Varies ? 1 : batchSize;
    private long shown;

    /// <summary>Number of samples.</summary>
    public long Count { get; } = selection.CountOf(binding.SampleCount);

    public bool HasLabels => binding.Labels is not null;

    /// <summary>True when samples differ in shape.</summary>
    public bool Varies => binding.Varies;

    /// <summary>Is shown every batch once, in order, by whichever readings reach it first.</summary>
    public Action<SampleBatch>? Watcher { get; set; }

    /// <summary>The same samples, at most so many of them from the start.</summary>
    public SampleStream Take(long samples) =>
        new(binding, selection with { Limit = selection.LimitFor(samples) }, batchSize);

    /// <summary>The batches in the order of the file. A batch is valid until the next one is asked for.</summary>
    public IEnumerable<SampleBatch> Read()
    {
        long index = 0;
        foreach (SampleBatch batch in ReadBatches())
        {
            if (index++ == shown && Watcher is { } watcher)
            {
                shown++;
                watcher(batch);
            }
            yield return batch;
        }
    }

    private IEnumerable<SampleBatch> ReadBatches()
    {
        bool fixedBatch = binding.Inputs.Any(input => input.FixedBatch is not null);
        int inputs = binding.Inputs.Count;
        SampleArray[] others = [.. binding.Labels is { } labels ? [labels] : Array.Empty<SampleArray>(), .. binding.Extras];
        SampleBuffer[] buffers = [.. binding.Inputs.Select(input => input.Array).Concat(others).Select(array => new SampleBuffer(array))];
        byte[][] slots = [.. binding.Inputs.Select(input => input.Array.Varies ? [] : new byte[checked(input.Array.SampleBytes * batchSize)])];
        var values = new List<SampleValue[]>(batchSize);
        var indices = new List<long>(batchSize);
        using ISampleReader reader = binding.Source.OpenReader([.. buffers.Select(buffer => buffer.Array.Name)]);
        int filled = 0;
        for (long index = 0; !selection.IsPast(index); index++)
        {
            for (int i = 0; i < inputs; i++)
                if (!buffers[i].Array.Varies)
                    buffers[i].PlaceAt(Slot(i, filled));
            if (!reader.TryRead(buffers))
                break;
            if (!selection.Includes(index))
                continue;
            for (int i = 0; i < inputs; i++)
                if (buffers[i].Array.Varies)
                    binding.Verify(binding.Inputs[i], buffers[i].Shape, index);
            values.Add([.. buffers.Skip(inputs).Select(Copy)]);
            indices.Add(index);
            if (++filled == batchSize)
            {
                yield return Batch(filled, filled, index);
                filled = 0;
                values.Clear();
                indices.Clear();
            }
        }
        if (filled == 0)
            yield break;
        for (int i = 0; fixedBatch && i < inputs; i++)
            for (int slot = filled; slot < batchSize; slot++)
                Slot(i, slot % filled).CopyTo(Slot(i, slot));
        yield return Batch(filled, fixedBatch ? batchSize : filled, binding.SampleCount - 1);

        Memory<byte> Slot(int input, int slot)
        {
            int sampleBytes = (int)binding.Inputs[input].Array.SampleBytes;
            return slots[input].AsMemory(sampleBytes * slot, sampleBytes);
        }

        SampleBatch Batch(int count, int size, long last) => new(
            count,
            size,
            [.. binding.Inputs.Select((input, i) => Tensor(input, buffers[i], input.Array.Varies ? buffers[i].Bytes : slots[i], size))],
            binding.Labels is null ? [] : [.. values.Select(value => ClassOf(value[0], last))])
        {
            Indices = [.. indices],
            Extras = binding.Extras.Select((array, i) => (array.Name, Values: (IReadOnlyList<SampleValue>)[.. values.Select(value => value[^(binding.Extras.Count - i)])]))
                .ToDictionary(extra => extra.Name, extra => extra.Values, StringComparer.Ordinal),
        };
    }

    private static InputTensor Tensor(InputBinding input, SampleBuffer buffer, Memory<byte> bytes, int size) => new(
        input.Input.Name,
        input.Input.ElementType,
        input.HasSampleAxis ? buffer.Shape : [size, .. buffer.Shape],
        buffer.Array.Varies ? bytes : bytes[..(int)(buffer.Array.SampleBytes * size)]);

    private static SampleValue Copy(SampleBuffer buffer) => new(buffer.Array.ElementType, buffer.Shape, buffer.Bytes.ToArray());

    /// <param name="last">Index of the last sample of the batch.</param>
    private long ClassOf(SampleValue label, long last) => label.ToStrings() is { } names
        ? binding.Classes!.NumberOf(names[0], $"a sample of '{binding.Source.DisplayPath}' up to {binding.Source.NameOf(last)}", binding.Origin)
        : label.ToInt64s()![0];
}

/// <param name="Count">Real samples.</param>
/// <param name="Size">Samples in its tensors.</param>
/// <param name="Labels">One per real sample; empty when the data has none.</param>
internal sealed record SampleBatch(int Count, int Size, IReadOnlyList<InputTensor> Inputs, IReadOnlyList<long> Labels)
{
    /// <summary>Of the real samples in the data.</summary>
    public IReadOnlyList<long> Indices { get; init; } = [];

    /// <summary>By array what <see cref="SampleBinding.WithExtras"/> asked for, one value per real sample.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<SampleValue>> Extras { get; init; } = new Dictionary<string, IReadOnlyList<SampleValue>>();
}
