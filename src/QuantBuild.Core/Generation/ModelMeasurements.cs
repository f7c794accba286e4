namespace QuantBuild.Generation;

/// <summary>What is known of a model only after it has been quantized. Everything is empty or zero before.</summary>
internal sealed record ModelMeasurements
{
    public static ModelMeasurements None { get; } = new();

    /// <summary>Of the file of the quantized model.</summary>
    public string ModelSha256 { get; init; } = "";

    public long ModelSizeBytes { get; init; }

    /// <summary>As the quantized model names it; empty when it has all weights itself.</summary>
    public string WeightsFileName { get; init; } = "";

    public string WeightsSha256 { get; init; } = "";

    public long WeightsSizeBytes { get; init; }

    /// <summary>Of the file of the float model.</summary>
    public string SourceSha256 { get; init; } = "";

    /// <summary>With weights that lie in other files.</summary>
    public long SourceSizeBytes { get; init; }

    public string Scheme { get; init; } = "";

    /// <summary>Of the quantized model.</summary>
    public int Opset { get; init; }

    /// <summary>Estimated time of a run, over that of the float model.</summary>
    public double EstimatedCost { get; init; } = 1;

    /// <summary>Name of the metric; empty when nothing was compared.</summary>
    public string Metric { get; init; } = "";

    public long SampleCount { get; init; }

    public double FloatAccuracy { get; init; }

    public double QuantizedAccuracy { get; init; }

    public double AccuracyDrop { get; init; }

    /// <summary>NaN: no limit.</summary>
    public double MaxAccuracyDrop { get; init; } = double.NaN;

    /// <summary>NaN: no limit.</summary>
    public double MinAccuracy { get; init; } = double.NaN;

    /// <summary>The names stay; nothing of the model is in them.</summary>
    public IReadOnlyList<MetadataConstant> Constants =>
    [
        new("ModelSha256", ModelSha256, "SHA-256 of the file of the quantized model; empty before it has been quantized."),
        new("ModelSizeBytes", ModelSizeBytes, "Size of the file of the quantized model."),
        new("WeightsFileName", WeightsFileName, "Name of the file beside the quantized model that holds its weights; empty when there is none."),
        new("WeightsSha256", WeightsSha256, "SHA-256 of that file."),
        new("WeightsSizeBytes", WeightsSizeBytes, "Size of that file."),
        new("SourceSha256", SourceSha256, "SHA-256 of the file of the float model."),
        new("SourceSizeBytes", SourceSizeBytes, "Size of the float model with all of its weights."),
        new("Scheme", Scheme, "How the model was quantized."),
        new("Opset", Opset, "Version of the ONNX operators in the quantized model."),
        new("EstimatedCost", EstimatedCost, "Estimated time of a run on the processors that the model is made for, over that of the float model; 1 where nothing is known."),
        new("AccuracyMetric", Metric, "What the accuracies measure; empty when there was no data to measure on."),
        new("AccuracySampleCount", SampleCount, "Number of samples that both models were compared on."),
        new("FloatAccuracy", FloatAccuracy, "Accuracy of the float model."),
        new("QuantizedAccuracy", QuantizedAccuracy, "Accuracy of the quantized model."),
        new("AccuracyDrop", AccuracyDrop, "Accuracy of the float model minus that of the quantized one."),
        new("MaxAccuracyDrop", MaxAccuracyDrop, "Largest drop that the project allows; not a number when it sets no limit."),
        new("MinAccuracy", MinAccuracy, "Smallest accuracy that the project allows; not a number when it sets no limit."),
    ];
}
