namespace QuantBuild.Settings;

/// <summary>What accuracy means. <see cref="MetricTraits"/> holds how each is read.</summary>
internal enum AccuracyMetric
{
    /// <summary>Chosen by the targets that the data has.</summary>
    Auto,

    /// <summary>Share of samples whose largest output is at the label.</summary>
    Top1,

    /// <summary>Share of samples whose label is among the n largest outputs.</summary>
    TopN,

    /// <summary>Harmonic mean of precision and recall.</summary>
    F1,

    /// <summary>Area under the receiver operating characteristic.</summary>
    Auc,

    MeanAbsoluteError,

    MeanSquaredError,

    /// <summary>Peak signal-to-noise ratio against target images.</summary>
    Psnr,

    /// <summary>Of label maps, mean over the classes.</summary>
    IntersectionOverUnion,

    /// <summary>Of detected boxes, as COCO defines it.</summary>
    MeanAveragePrecision,

    /// <summary>Cosine of the angle between float and quantized outputs, mean over samples; 1 for the float model itself.</summary>
    CosineSimilarity,

    /// <summary>Power of the float outputs over that of the difference.</summary>
    SignalToNoise,

    /// <summary>Information that the quantized outputs lose.</summary>
    KullbackLeibler,

    /// <summary>Of token sequences.</summary>
    Perplexity,

    /// <summary>Of sequences decoded greedily.</summary>
    WordErrorRate,

    /// <summary>Share of positions whose largest output is that of the float model.</summary>
    Agreement,

    /// <summary>A metric of the project's own.</summary>
    Custom,
}
