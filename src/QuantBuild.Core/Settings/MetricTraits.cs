namespace QuantBuild.Settings;

/// <summary>How the values of a metric are written for people.</summary>
internal enum MetricUnit
{
    /// <summary>A part of 1, written in per cent.</summary>
    Share,

    /// <summary>Five or six digits behind the point.</summary>
    Similarity,

    /// <summary>As many digits as say something, whatever the size.</summary>
    Number,

    Decibels,
}

/// <summary>What has to be known of a metric to read and judge its values.</summary>
/// <param name="Name">For messages.</param>
/// <param name="IsLowerBetter">True for errors: 0 is perfect.</param>
/// <param name="LargestDrop">By which the quantized model can be worse at most.</param>
/// <param name="GrossDrop">A loss that eight bits do not cost where nothing is wrong.</param>
/// <param name="IsGrossRelative">True when <paramref name="GrossDrop"/> is a part of the float model's value.</param>
internal sealed record MetricTraits(
    AccuracyMetric Metric, string Name, MetricUnit Unit, bool IsLowerBetter, double LargestDrop, double GrossDrop, bool IsGrossRelative = false)
{
    /// <summary>Eight bits cost a tenth of this where nothing is wrong: five points of top-1, a cosine of 0.95.</summary>
    private const double GrossShare = 0.05;

    private static readonly MetricTraits[] All =
    [
        Share(AccuracyMetric.Top1, "top-1 accuracy"),
        Share(AccuracyMetric.TopN, "top-{0} accuracy"),
        Share(AccuracyMetric.F1, "F1 score"),
        Share(AccuracyMetric.Auc, "area under the ROC curve"),
        Error(AccuracyMetric.MeanAbsoluteError, "mean absolute error"),
        Error(AccuracyMetric.MeanSquaredError, "mean squared error"),
        new(AccuracyMetric.Psnr, "peak signal-to-noise ratio", MetricUnit.Decibels, IsLowerBetter: false, double.PositiveInfinity, GrossDrop: 1),
        Share(AccuracyMetric.IntersectionOverUnion, "mean intersection over union"),
        Share(AccuracyMetric.MeanAveragePrecision, "mean average precision"),
        new(AccuracyMetric.CosineSimilarity, "cosine similarity to the float outputs", MetricUnit.Similarity, IsLowerBetter: false, 2, GrossShare),

        // The float model has 144 dB; ten are left where an output is hardly recognized.
        new(AccuracyMetric.SignalToNoise, "signal-to-noise ratio of the outputs", MetricUnit.Decibels, IsLowerBetter: false, double.PositiveInfinity, GrossDrop: 134),
        new(AccuracyMetric.KullbackLeibler, "Kullback-Leibler divergence from the float outputs", MetricUnit.Number, IsLowerBetter: true, double.PositiveInfinity, 0.1),
        new(AccuracyMetric.Perplexity, "perplexity", MetricUnit.Number, IsLowerBetter: true, double.PositiveInfinity, 0.1, IsGrossRelative: true),
        new(AccuracyMetric.WordErrorRate, "word error rate", MetricUnit.Share, IsLowerBetter: true, double.PositiveInfinity, GrossShare),
        Share(AccuracyMetric.Agreement, "agreement with the float model"),
        new(AccuracyMetric.Custom, "custom metric", MetricUnit.Number, IsLowerBetter: false, double.PositiveInfinity, 0.25, IsGrossRelative: true),
    ];

    /// <summary>True when neither a value nor a drop is above 1.</summary>
    public bool IsAtMostOne => LargestDrop <= 1 || Metric == AccuracyMetric.CosineSimilarity;

    /// <param name="metric"><see cref="AccuracyMetric.Auto"/> has those of <see cref="AccuracyMetric.Top1"/>: all that it comes to are alike in what is read.</param>
    public static MetricTraits Of(AccuracyMetric metric) => All.First(traits => traits.Metric == (metric == AccuracyMetric.Auto ? AccuracyMetric.Top1 : metric));

    private static MetricTraits Share(AccuracyMetric metric, string name) => new(metric, name, MetricUnit.Share, IsLowerBetter: false, 1, GrossShare);

    private static MetricTraits Error(AccuracyMetric metric, string name) =>
        new(metric, name, MetricUnit.Number, IsLowerBetter: true, double.PositiveInfinity, 0.25, IsGrossRelative: true);
}
