using System.Runtime.InteropServices;
using QuantBuild.Evaluation.Metrics;
using QuantBuild.Execution;
using QuantBuild.Onnx;

namespace QuantBuild.Evaluation;

/// <summary>Copies of the outputs of one batch, cut into samples along the first axis. Integers become floats. Buffers are reused from batch to batch.</summary>
internal sealed class BatchOutputs(int outputCount)
{
    private readonly float[][] buffers = [.. Enumerable.Repeat(Array.Empty<float>(), outputCount)];
    private readonly int[] lengths = new int[outputCount];
    private readonly long[][] shapes = new long[outputCount][];
    private readonly OnnxElementType[] types = new OnnxElementType[outputCount];

    public long ByteCount => buffers.Sum(buffer => (long)buffer.Length * sizeof(float));

    public void Keep(int index, OutputTensor output)
    {
        int length = output.Bytes.Length / Math.Max(1, output.ElementType.SizeBytes());
        if (buffers[index].Length < length)
            buffers[index] = new float[length];
        Copy(output, buffers[index]);
        lengths[index] = length;
        shapes[index] = output.Shape.ToArray();
        types[index] = output.ElementType;
    }

    public ReadOnlySpan<float> All(int index) => buffers[index].AsSpan(0, lengths[index]);

    /// <summary>What a sample has in an output. An output that cannot be cut into samples counts whole for each of them.</summary>
    /// <param name="batchSize">Samples in the batch, those included that only fill it up.</param>
    public ReadOnlySpan<float> Of(int index, int sample, int batchSize)
    {
        (int start, int length) = Cut(index, sample, batchSize);
        return buffers[index].AsSpan(start, length);
    }

    /// <summary>As <see cref="Of"/>, with its shape.</summary>
    public SampleOutput Tensor(string name, int index, int sample, int batchSize)
    {
        (int start, int length) = Cut(index, sample, batchSize);
        long[] shape = shapes[index];
        return new SampleOutput(
            name,
            types[index],
            buffers[index].AsMemory(start, length),
            IsCut(index, batchSize) && shape.Length > 0 ? [shape[0] / batchSize, .. shape.Skip(1)] : shape);
    }

    private (int Start, int Length) Cut(int index, int sample, int batchSize)
    {
        if (!IsCut(index, batchSize))
            return (0, lengths[index]);
        int length = lengths[index] / batchSize;
        return (sample * length, length);
    }

    private bool IsCut(int index, int batchSize) => (shapes[index].Length == 0 ? 1 : shapes[index][0]) % batchSize == 0;

    private static void Copy(OutputTensor output, float[] destination)
    {
        switch (output.ElementType)
        {
            case OnnxElementType.Float:
                output.Floats.CopyTo(destination);
                break;
            case OnnxElementType.Int64:
                Convert<long>(output, destination, value => value);
                break;
            case OnnxElementType.Int32:
                Convert<int>(output, destination, value => value);
                break;
            case OnnxElementType type:
                throw new InvalidOperationException($"Outputs of {type.DisplayName()} are not compared.");
        }
    }

    private static void Convert<T>(OutputTensor output, float[] destination, Func<T, float> convert)
        where T : struct
    {
        ReadOnlySpan<T> values = MemoryMarshal.Cast<byte, T>(output.Bytes);
        for (int i = 0; i < values.Length; i++)
            destination[i] = convert(values[i]);
    }
}
