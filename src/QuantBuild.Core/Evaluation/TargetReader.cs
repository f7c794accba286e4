using System.Globalization;
using QuantBuild.Data;
using QuantBuild.Evaluation.Metrics;
using QuantBuild.Execution;
using QuantBuild.Onnx;

namespace QuantBuild.Evaluation;

/// <summary>Takes what is right for a sample, and the name of its slice, out of a batch.</summary>
internal sealed class TargetReader(MetricPlan plan)
{
    private static readonly Dictionary<string, SampleValue> None = [];

    private readonly HashSet<string> slices = new(StringComparer.Ordinal);

    public IReadOnlyList<SampleTarget> Read(SampleBatch batch, int sample) =>
        [.. plan.Targets.Select(target => target.IsInput ? OfInput(batch, sample, target.Name) : OfArray(batch, sample, target.Name))];

    /// <summary>What a custom metric sees of the data.</summary>
    public IReadOnlyDictionary<string, SampleValue> ArraysOf(SampleBatch batch, int sample) => plan.Custom is null
        ? None
        : batch.Extras.ToDictionary(extra => extra.Key, extra => extra.Value[sample], StringComparer.Ordinal);

    /// <returns>Null when there are no slices.</returns>
    /// <exception cref="SliceException">There are too many.</exception>
    public string? SliceOf(SampleBatch batch, int sample)
    {
        if (plan.Slices is not { } wanted)
            return null;
        string slice = wanted.Array is { } array ? NameIn(batch, sample, array) : wanted.Lines[(int)batch.Indices[sample]];
        if (slices.Add(slice) && slices.Count > SlicePlan.MostSlices)
            throw new SliceException($"the samples have more than {SlicePlan.MostSlices} slices.");
        return slice;
    }

    /// <summary>What is no extra array is that of the classes.</summary>
    private static SampleTarget OfArray(SampleBatch batch, int sample, string name)
    {
        if (!batch.Extras.TryGetValue(name, out IReadOnlyList<SampleValue>? values))
            return new SampleTarget(name, OnnxElementType.Int64, new double[] { batch.Labels[sample] }, []);
        return new SampleTarget(name, values[sample].ElementType, values[sample].ToDoubles()!, values[sample].Shape);
    }

    private static SampleTarget OfInput(SampleBatch batch, int sample, string name)
    {
        InputTensor input = batch.Inputs.Single(candidate => candidate.Name == name);
        int sampleBytes = input.Bytes.Length / batch.Size;
        var value = new SampleValue(input.ElementType, [], input.Bytes.Slice(sample * sampleBytes, sampleBytes));
        double[] values = value.ToDoubles()!;
        return new SampleTarget(name, input.ElementType, values, [values.Length]);
    }

    private static string NameIn(SampleBatch batch, int sample, string array)
    {
        if (!batch.Extras.TryGetValue(array, out IReadOnlyList<SampleValue>? values))
            return batch.Labels[sample].ToString(CultureInfo.InvariantCulture);
        return values[sample].ToStrings() is { } names ? string.Concat(names) : values[sample].ToInt64s()![0].ToString(CultureInfo.InvariantCulture);
    }
}

/// <summary>Slices that are too many, seen when they were read.</summary>
internal sealed class SliceException(string message) : Exception(message);
