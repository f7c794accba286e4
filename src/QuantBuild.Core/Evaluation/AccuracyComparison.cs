using QuantBuild.Evaluation.Metrics;
using QuantBuild.Settings;

namespace QuantBuild.Evaluation;

/// <summary>Float and quantized on the same samples.</summary>
/// <param name="Metric">Never <see cref="AccuracyMetric.Auto"/>.</param>
/// <param name="Float">The metric of the float model.</param>
/// <param name="Quantized">The metric of the file that ships.</param>
/// <param name="DropLow">Lower end of the 95 % confidence interval of the drop; infinite when the samples cannot tell.</param>
/// <param name="DropHigh">Upper end of it.</param>
/// <param name="SqnrDecibels">Power of the float outputs over the power of their difference, over all samples and float outputs.</param>
/// <param name="SampleCount">Samples that were compared.</param>
/// <param name="ClassCount">Values of the output that top-1 is measured on; 0 for other metrics.</param>
internal sealed record AccuracyComparison(
    AccuracyMetric Metric, double Float, double Quantized, double DropLow, double DropHigh, double SqnrDecibels, long SampleCount, int ClassCount = 0)
{
    /// <summary>Of <see cref="AccuracyMetric.TopN"/>.</summary>
    public int Rank { get; init; } = 1;

    /// <summary>Of <see cref="AccuracyMetric.Custom"/>; otherwise null.</summary>
    public string? CustomName { get; init; }

    public bool IsLowerBetter { get; init; } = MetricTraits.Of(Metric).IsLowerBetter;

    /// <summary>In ordinal order; empty when there are none.</summary>
    public IReadOnlyList<SliceComparison> Slices { get; init; } = [];

    /// <summary>How much worse the quantized model is, in the metric's own unit.</summary>
    public double Drop => IsLowerBetter ? Quantized - Float : Float - Quantized;

    public string MetricName => CustomName ?? Settings.MetricName.Of(Metric, Rank);

    internal MetricText Text => new(Metric, Rank, CustomName);

    public static AccuracyComparison Of(MetricPlan plan, IMeter meter, double sqnrDecibels, int classCount)
    {
        MetricTraits traits = MetricTraits.Of(plan.Metric);
        bool isLowerBetter = plan.Custom?.IsLowerBetter ?? traits.IsLowerBetter;
        MetricFigures all = meter.Figures;
        (double low, double high) = Interval(all);
        return new AccuracyComparison(plan.Metric, all.Float, all.Quantized, low, high, sqnrDecibels, all.Count, classCount)
        {
            Rank = plan.Rank,
            CustomName = plan.Custom?.Name,
            IsLowerBetter = isLowerBetter,
            Slices = [.. meter.Slices.Select(slice => OfSlice(slice.Key, slice.Value))],
        };

        (double Low, double High) Interval(MetricFigures figures) => isLowerBetter
            ? (Within(-figures.High), Within(-figures.Low))
            : (Within(figures.Low), Within(figures.High));

        double Within(double drop) => double.IsNaN(drop) ? traits.LargestDrop : Math.Clamp(drop, -traits.LargestDrop, traits.LargestDrop);

        SliceComparison OfSlice(string name, MetricFigures figures)
        {
            (double low, double high) = Interval(figures);
            return new SliceComparison(name, figures.Float, figures.Quantized, isLowerBetter ? figures.Quantized - figures.Float : figures.Float - figures.Quantized, low, high, figures.Count);
        }
    }
}

/// <summary>Float and quantized on the samples of one slice; NaN where those have no such metric.</summary>
internal sealed record SliceComparison(string Name, double Float, double Quantized, double Drop, double DropLow, double DropHigh, long SampleCount)
{
    public bool IsMeasured => double.IsFinite(Drop);
}
