using QuantBuild.Execution;

namespace QuantBuild.Calibration;

/// <summary>How much more memory values take in the largest sample than in the one whose shapes are known.</summary>
/// <param name="Whole">Bytes of all inputs of the one over those of the other; at least 1.</param>
/// <param name="Axes">Length of an axis of an input that varies → how many times as long it becomes.</param>
internal sealed record SampleGrowth(double Whole, IReadOnlyDictionary<long, double> Axes)
{
    public static SampleGrowth None { get; } = new(1, new Dictionary<long, double>());

    /// <summary>Reads all samples once where they vary, and runs nothing.</summary>
    /// <param name="facts">Of the sample whose shapes are known.</param>
    public static SampleGrowth Of(SampleStream samples, TensorFacts facts, CancellationToken cancellation)
    {
        if (!samples.Varies)
            return None;
        double whole = 1;
        var axes = new Dictionary<long, double>();
        foreach (SampleBatch batch in samples.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            long known = batch.Inputs.Sum(input => facts.Of(input.Name)?.Bytes ?? 0);
            whole = Math.Max(whole, batch.Inputs.Sum(input => (double)input.Bytes.Length) / Math.Max(1, known));
            foreach (InputTensor input in batch.Inputs)
                if (facts.Of(input.Name)?.Shape is { } shape && shape.Count == input.Shape.Count)
                    for (int axis = 0; axis < shape.Count; axis++)
                        if (shape[axis] > 1 && input.Shape[axis] > shape[axis])
                            axes[shape[axis]] = Math.Max(axes.GetValueOrDefault(shape[axis]), (double)input.Shape[axis] / shape[axis]);
        }
        return new SampleGrowth(whole, axes);
    }

    /// <summary>What a value may take in the largest sample. A value with an axis for every position twice, as scores of attention have it, grows by
    /// both.</summary>
    public double BytesOf(TensorFact fact) =>
        fact.Bytes * Math.Max(Whole, fact.Shape.Aggregate(1.0, (product, length) => product * Axes.GetValueOrDefault(length, 1)));
}
