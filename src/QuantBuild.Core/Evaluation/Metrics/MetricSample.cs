using QuantBuild.Data;
using QuantBuild.Onnx;

namespace QuantBuild.Evaluation.Metrics;

/// <summary>One output of one model for one sample.</summary>
/// <param name="Values">Row-major; integers are converted.</param>
/// <param name="Shape">The axis of samples included, where the output has one: its length is what one sample has of it, mostly 1.</param>
internal sealed record SampleOutput(string Name, OnnxElementType ElementType, ReadOnlyMemory<float> Values, IReadOnlyList<long> Shape)
{
    public ReadOnlySpan<float> Span => Values.Span;
}

/// <summary>What is right for one sample: a class, a label map, a sequence, values, boxes.</summary>
/// <param name="Shape">Without an axis of samples.</param>
internal sealed record SampleTarget(string Name, OnnxElementType ElementType, ReadOnlyMemory<double> Values, IReadOnlyList<long> Shape)
{
    public ReadOnlySpan<double> Span => Values.Span;
}

/// <summary>All that a metric sees of one sample. Valid until the next one.</summary>
/// <param name="Float">Of the float model: the outputs of the <see cref="MetricPlan"/> in its order.</param>
/// <param name="Targets">Those of the plan in its order.</param>
internal sealed record MetricSample(IReadOnlyList<SampleOutput> Float, IReadOnlyList<SampleOutput> Quantized, IReadOnlyList<SampleTarget> Targets)
{
    /// <summary>Position in the data.</summary>
    public long Index { get; init; }

    /// <summary>All arrays of the data by name; empty for what is no <see cref="ICustomMetric"/>.</summary>
    public IReadOnlyDictionary<string, SampleValue> Arrays { get; init; } = new Dictionary<string, SampleValue>();
}

/// <summary>A target that does not fit what the model gives, seen when it was read.</summary>
internal sealed class TargetException(string array, string message) : Exception(message)
{
    public string Array { get; } = array;
}
