using static QuantBuild.Core.Tests.Documentation.DiagnosticGuide;

namespace QuantBuild.Core.Tests.Documentation;

/// <summary>Codes about what accuracy is measured against.</summary>
internal static class MetricGuides
{
    private const string Model = "Models/fashion.onnx";

    private const string Data = "Data/validation.npz";

    private const string TwoSlices = "'night' 91.00 % to 84.00 % (drop 7.00 points, 200 samples), 'rain' 93.00 % to 91.00 % (drop 2.00 points, 150 samples)";

    private static readonly string[] Slices = ["Slice", "SliceFile", "MaxAccuracyDrop", "ValidationData"];

    public static readonly DiagnosticGuide[] All =
    [
        new("QB4023", ["MeanSquaredError", "'target' or 'depth'", "the values that the output should have", Data, "'labels'"], ["Metric", "MetricOutput", "ValidationData"])
        {
            Steps = Python("""numpy.savez_compressed("validation.npz", image=images, target=depths)   # one entry per sample"""),
        },
        new("QB4024", ["boxes", Data, "MeanAveragePrecision", "it is float32 [300,4], not the corners of boxes, [samples,M,4]"], ["Metric", "MetricOutput", "ValidationData"])
        {
            Background = "Samples with fewer boxes, or shorter sequences, than others are filled up with rows whose label is -1.",
            Steps = Python("""
                labels = numpy.full((samples, longest), -1)     # -1 is left out
                boxes = numpy.zeros((samples, longest, 4), numpy.float32)   # x1, y1, x2, y2
                """),
        },
        new("QB4025", ["MetricOutput=logit", Model, "the model has no such output. Did you mean 'logits'? It has: 'logits' float32 [N,10]"], ["MetricOutput", "Metric"])
        {
            Steps = Project("""<QuantizeModel Include="Models/fashion.onnx" CalibrationData="Data/calibration.npz" Metric="Top5" MetricOutput="logits" />"""),
        },
        new("QB4026", ["'slices.txt' has 299 lines, and 'Data/validation.npz' has 300 samples; it takes one line for each."], Slices)
        {
            Steps = Project("""<QuantizeModel Include="Models/fashion.onnx" CalibrationData="Data/calibration.npz" ValidationData="Data/validation.npz" Slice="camera" />""")
                + "\n\n" + Python("""numpy.savez_compressed("validation.npz", image=images, labels=labels, camera=cameras)   # one number per sample"""),
        },
        new("QB7007", [Model, "top-1 accuracy", 2, "1.00 points", TwoSlices], Slices)
        {
            Background = "A slice fails the gate when its drop is above the limit and it has 100 samples or more, or when the whole 95 % interval of its drop is above the limit.",
        },
        new("QB7008", [Model, "top-1 accuracy", 1, "1.00 points", "'night' 90.00 % to 85.00 % (drop 5.00 points, 20 samples)"], Slices)
        {
            Background = "In a slice of 20 samples one sample is five percentage points. Only a whole interval above the limit fails such a slice.",
        },
        new("QB7009", ["Models/text.onnx", "perplexity", "12.1", "15.8", "3.7", "13", "", "rose", "rise"], ["Gate", "Metric", "MaxError", "MaxAccuracyDrop", "ExcludedNodes"])
        {
            Background = "Errors, divergences and perplexity are better the smaller they are; `MaxError` is for them what `MinAccuracy` is for other metrics."
                + QuantizationGuides.Trial,
        },
    ];
}
