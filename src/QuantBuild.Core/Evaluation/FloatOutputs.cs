using QuantBuild.Execution;
using QuantBuild.Onnx;

namespace QuantBuild.Evaluation;

/// <summary>Outputs of the float model on the validation samples, for several comparisons with it: as many as fit, from the first batch on.</summary>
internal sealed class FloatOutputs
{
    private const long MostBytes = 256L << 20;

    private readonly List<BatchOutputs> batches = [];
    private long bytes;

    /// <returns>Null when they have to be computed.</returns>
    public BatchOutputs? Find(int index) => index < batches.Count ? batches[index] : null;

    public void Add(int index, BatchOutputs outputs)
    {
        if (index != batches.Count || bytes + outputs.ByteCount > MostBytes)
            return;
        bytes += outputs.ByteCount;
        batches.Add(outputs);
    }
}

/// <summary>One pass of the float model over the samples. The model is loaded when something has to be computed.</summary>
/// <param name="kept">What was computed before, and takes what is computed now; null: nothing is kept.</param>
internal sealed class FloatRun(IInferenceEngine engine, OnnxModel model, string[] outputs, FloatOutputs? kept) : IDisposable
{
    private readonly BatchOutputs reused = new(outputs.Length);
    private IInferenceSession? session;
    private int index;

    /// <returns>Valid until the next batch.</returns>
    public BatchOutputs Next(SampleBatch batch)
    {
        int current = index++;
        if (kept?.Find(current) is { } known)
            return known;
        BatchOutputs computed = kept is null ? reused : new BatchOutputs(outputs.Length);
        session ??= engine.Open(model.ToImage());
        session.Run(batch.Inputs, outputs, computed.Keep);
        kept?.Add(current, computed);
        return computed;
    }

    public void Dispose() => session?.Dispose();
}
