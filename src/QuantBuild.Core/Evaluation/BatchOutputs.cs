using QuantBuild.Execution;

namespace QuantBuild.Evaluation;

/// <summary>Copies of the outputs of one batch, cut into samples along the first axis. Buffers are reused from batch to batch.</summary>
internal sealed class BatchOutputs(int outputCount)
{
    private readonly float[][] buffers = [.. Enumerable.Repeat(Array.Empty<float>(), outputCount)];
    private readonly int[] lengths = new int[outputCount];
    private readonly long[] firstAxes = new long[outputCount];

    public void Keep(int index, OutputTensor output)
    {
        ReadOnlySpan<float> values = output.Floats;
        if (buffers[index].Length < values.Length)
            buffers[index] = new float[values.Length];
        values.CopyTo(buffers[index]);
        lengths[index] = values.Length;
        firstAxes[index] = output.Shape.Length == 0 ? 1 : output.Shape[0];
    }

    public ReadOnlySpan<float> All(int index) => buffers[index].AsSpan(0, lengths[index]);

    /// <summary>What a sample has in an output. An output that cannot be cut into samples counts whole for each of them.</summary>
    /// <param name="batchSize">Samples in the batch, those included that only fill it up.</param>
    public ReadOnlySpan<float> Of(int index, int sample, int batchSize)
    {
        if (firstAxes[index] % batchSize != 0)
            return All(index);
        int length = lengths[index] / batchSize;
        return buffers[index].AsSpan(sample * length, length);
    }
}
