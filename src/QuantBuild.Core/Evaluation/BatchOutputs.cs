using QuantBuild.Execution;

namespace QuantBuild.Evaluation;

/// <summary>Copies of the outputs of one batch, cut into samples along the first axis. Buffers are reused from batch to batch.</summary>
internal sealed class BatchOutputs(int outputCount)
{
    private readonly float[][] buffers = [.. Enumerable.Repeat(Array.Empty<float>(), outputCount)];
    private readonly int[] lengths = new int[outputCount];

    public void Keep(int index, OutputTensor output)
    {
        ReadOnlySpan<float> values = output.Floats;
        if (buffers[index].Length < values.Length)
            buffers[index] = new float[values.Length];
        values.CopyTo(buffers[index]);
        lengths[index] = values.Length;
    }

    public ReadOnlySpan<float> All(int index) => buffers[index].AsSpan(0, lengths[index]);

    /// <param name="batchSize">Samples in the batch, those included that only fill it up.</param>
    public ReadOnlySpan<float> Of(int index, int sample, int batchSize)
    {
        int length = lengths[index] / batchSize;
        return buffers[index].AsSpan(sample * length, length);
    }
}
