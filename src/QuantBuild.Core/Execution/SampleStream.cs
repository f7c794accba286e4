using System.Runtime.InteropServices;
using QuantBuild.Data;
using QuantBuild.Onnx;

namespace QuantBuild.Execution;

/// <summary>Selected samples of a data set as batches that the model takes. Can be read any number of times; holds one batch in memory.</summary>
/// <param name="batchSize">Samples in a batch. The last batch is filled up with its own first samples when the model's batch is fixed.</param>
internal sealed class SampleStream(SampleBinding binding, SampleSelection selection, int batchSize)
{
    /// <summary>Number of samples.</summary>
    public long Count { get; } = selection.CountOf(binding.SampleCount);

    public bool HasLabels => binding.Labels is not null;

    /// <summary>The same samples, at most so many of them from the start.</summary>
    public SampleStream Take(long samples) =>
        new(binding, selection with { Limit = LimitFor(samples) }, batchSize);

    /// <summary>The batches in the order of the file. A batch is valid until the next one is asked for.</summary>
    public IEnumerable<SampleBatch> Read()
    {
        bool fixedBatch = binding.Inputs.Any(input => input.FixedBatch is not null);
        SampleArray[] arrays = [.. binding.Inputs.Select(input => input.Array), .. binding.Labels is { } labels ? [labels] : Array.Empty<SampleArray>()];
        byte[][] buffers = [.. arrays.Select(array => new byte[checked(array.SampleBytes * batchSize)])];
        using ISampleReader reader = binding.Source.OpenReader([.. arrays.Select(array => array.Name)]);
        int filled = 0;
        for (long index = 0; !selection.IsPast(index); index++)
        {
            if (!reader.TryRead([.. arrays.Select((array, i) => Slot(buffers[i], array, filled))]))
                break;
            if (selection.Includes(index) && ++filled == batchSize)
            {
                yield return Batch(filled, filled);
                filled = 0;
            }
        }
        if (filled == 0)
            yield break;
        for (int i = 0; fixedBatch && i < arrays.Length; i++)
            for (int slot = filled; slot < batchSize; slot++)
                Slot(buffers[i], arrays[i], slot % filled).CopyTo(Slot(buffers[i], arrays[i], slot));
        yield return Batch(filled, fixedBatch ? batchSize : filled);

        static Memory<byte> Slot(byte[] buffer, SampleArray array, int slot) =>
            buffer.AsMemory((int)(array.SampleBytes * slot), (int)array.SampleBytes);

        SampleBatch Batch(int count, int size) => new(
            count,
            size,
            [.. binding.Inputs.Select((input, i) => Tensor(input, buffers[i], size))],
            binding.Labels is null ? [] : ReadLabels(binding.Labels, buffers[^1], count));
    }

    private static InputTensor Tensor(InputBinding input, byte[] buffer, int size)
    {
        IEnumerable<long> sample = input.Array.Shape.Skip(1);
        return new InputTensor(
            input.Input.Name,
            input.Input.ElementType,
            input.HasSampleAxis ? [.. sample] : [size, .. sample],
            buffer.AsMemory(0, (int)(input.Array.SampleBytes * size)));
    }

    private static long[] ReadLabels(SampleArray labels, byte[] buffer, int count) => labels.ElementType == OnnxElementType.Int64
        ? MemoryMarshal.Cast<byte, long>(buffer)[..count].ToArray()
        : [.. MemoryMarshal.Cast<byte, int>(buffer)[..count].ToArray().Select(label => (long)label)];

    /// <summary>The smallest limit of indices that leaves so many selected samples.</summary>
    private long LimitFor(long samples)
    {
        long limit = selection.Part switch
        {
            SamplePart.Kept => samples + ((samples - 1) / (SampleSelection.HoldOutEvery - 1)),
            SamplePart.HeldOut => samples * SampleSelection.HoldOutEvery,
            _ => samples,
        };
        return selection.Limit is { } own ? Math.Min(own, limit) : limit;
    }
}

/// <param name="Count">Real samples.</param>
/// <param name="Size">Samples in its tensors.</param>
/// <param name="Labels">One per real sample; empty when the data has none.</param>
internal sealed record SampleBatch(int Count, int Size, IReadOnlyList<InputTensor> Inputs, IReadOnlyList<long> Labels);
