using QuantBuild.Evaluation.Metrics;
using QuantBuild.Onnx;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Evaluation.Metrics;

/// <summary>Samples written down by hand, measured by a metric.</summary>
internal sealed class MetricRun(MetricPlan plan)
{
    private readonly IMeter meter = plan.NewMeter();

    public MetricRun(AccuracyMetric metric, int rank = 1)
        : this(new MetricPlan(metric, rank, ["y"], [new PlannedTarget("labels")]))
    {
    }

    public MetricFigures Figures => meter.Figures;

    public IReadOnlyList<KeyValuePair<string, MetricFigures>> Slices => meter.Slices;

    public static SampleOutput Output(long[] shape, params float[] values) => new("y", OnnxElementType.Float, values, shape);

    public static SampleTarget Target(long[] shape, params double[] values) => new("labels", OnnxElementType.Int64, values, shape);

    /// <summary>A vector of scores and one class.</summary>
    public MetricRun Add(float[] ofFloat, float[] quantized, double label, string? slice = null) =>
        Add(Output([1, ofFloat.Length], ofFloat), Output([1, quantized.Length], quantized), slice, Target([], label));

    public MetricRun Add(SampleOutput ofFloat, SampleOutput quantized, params SampleTarget[] targets) => Add(ofFloat, quantized, null, targets);

    public MetricRun Add(SampleOutput ofFloat, SampleOutput quantized, string? slice, params SampleTarget[] targets)
    {
        meter.Add(new MetricSample([ofFloat], [quantized], targets), slice);
        return this;
    }

    public MetricRun Add(SampleOutput[] ofFloat, SampleOutput[] quantized, params SampleTarget[] targets)
    {
        meter.Add(new MetricSample(ofFloat, quantized, targets), null);
        return this;
    }
}
