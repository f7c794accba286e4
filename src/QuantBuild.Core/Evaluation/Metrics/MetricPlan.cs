using QuantBuild.Settings;

namespace QuantBuild.Evaluation.Metrics;

/// <summary>What is measured of a model: which outputs, against what.</summary>
/// <param name="Metric">Never <see cref="AccuracyMetric.Auto"/>.</param>
/// <param name="Rank">Of <see cref="AccuracyMetric.TopN"/>.</param>
/// <param name="Outputs">Names, in the order in which the metric takes them.</param>
/// <param name="Targets">In the order in which the metric takes them.</param>
internal sealed record MetricPlan(AccuracyMetric Metric, int Rank, IReadOnlyList<string> Outputs, IReadOnlyList<PlannedTarget> Targets)
{
    /// <summary>Of detections.</summary>
    public DetectionRoles Roles { get; init; } = DetectionRoles.OneOutput;

    /// <summary>Class of the blank, counted from the end when negative.</summary>
    public int Blank { get; init; }

    public int? Separator { get; init; }

    public ICustomMetric? Custom { get; init; }

    /// <summary>Null when there are no slices.</summary>
    public SlicePlan? Slices { get; init; }

    public IMeter NewMeter() => Metric switch
    {
        AccuracyMetric.Top1 => Mean(new TopN(1)),
        AccuracyMetric.TopN => Mean(new TopN(Rank)),
        AccuracyMetric.F1 => OfSums(new F1()),
        AccuracyMetric.Auc => OfSums(new Auc()),
        AccuracyMetric.MeanAbsoluteError => Mean(new MeanAbsoluteError()),
        AccuracyMetric.MeanSquaredError => Mean(new MeanSquaredError()),
        AccuracyMetric.Psnr => Mean(new Psnr()),
        AccuracyMetric.IntersectionOverUnion => OfSums(new IntersectionOverUnion()),
        AccuracyMetric.MeanAveragePrecision => OfSums(new MeanAveragePrecision(Roles)),
        AccuracyMetric.CosineSimilarity => Mean(new CosineSimilarity()),
        AccuracyMetric.SignalToNoise => OfSums(new SignalToNoise()),
        AccuracyMetric.KullbackLeibler => Mean(new KullbackLeibler()),
        AccuracyMetric.Perplexity => OfSums(new Perplexity(isShifted: Targets[0].IsInput)),
        AccuracyMetric.WordErrorRate => OfSums(new WordErrorRate(Blank, Separator)),
        AccuracyMetric.Agreement => Mean(new Agreement()),
        AccuracyMetric.Custom => Mean(new CustomSampleMetric(Custom!)),
        _ => throw new InvalidOperationException($"{Metric} is no metric."),
    };

    private static Meter<PairedScore> Mean(ISampleMetric metric) => new(
        sample => new PairedScore(metric.Score(sample.Float, sample), metric.Score(sample.Quantized, sample)),
        () => new PairedTally(metric.IsRightOrWrong));

    private static Meter<PairedSums> OfSums(ISummedMetric metric) => new(
        sample =>
        {
            var sums = new PairedSums(new SampleSums(), new SampleSums());
            metric.Count(sample.Float, sample, sums.Float);
            metric.Count(sample.Quantized, sample, sums.Quantized);
            return sums;
        },
        () => new JackknifeTally(metric));
}

/// <param name="Name">Of an array of the data.</param>
/// <param name="IsInput">True when it is an input of the model.</param>
internal sealed record PlannedTarget(string Name, bool IsInput = false);

/// <summary>Where the slice of every sample is.</summary>
/// <param name="Array">An array of the data; null when a file names them.</param>
/// <param name="Lines">One per sample of the data; empty when an array names them.</param>
internal sealed record SlicePlan(string? Array, IReadOnlyList<string> Lines)
{
    public const int MostSlices = 100;
}
