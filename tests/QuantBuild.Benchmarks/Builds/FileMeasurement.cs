using QuantBuild.Reporting;

namespace QuantBuild.Benchmarks.Builds;

/// <summary>Measures files of one model against its float file, on the whole validation data.</summary>
internal sealed class FileMeasurement(BenchModel model)
{
    private const double BytesPerMiB = 1 << 20;

    private const double MillisecondsPerSecond = 1000;

    private readonly SampleSet samples = SampleSet.Read(model.ValidationPath, model.FloatPath);
    private Predictions? reference;

    public Comparison Compare(string path)
    {
        reference ??= Predictions.Of(model.FloatPath, samples);
        return Comparison.Of(
            reference,
            Predictions.Of(path, samples, reference),
            model.IsClassifier ? TaskMetric.Top1(samples.Labels) : TaskMetric.CosineSimilarity);
    }

    /// <param name="file">Name for people.</param>
    public MeasuredFile Measure(string tool, string file, string path)
    {
        Comparison comparison = Compare(path);
        OptimizedGraph graph = OptimizedGraph.Of(path, samples);
        long floatBytes = new FileInfo(model.FloatPath).Length;
        long fileBytes = new FileInfo(path).Length;
        return new MeasuredFile(
            model.Name,
            tool,
            file,
            comparison.Metric,
            comparison.Float,
            comparison.Quantized,
            comparison.Drop,
            model.IsClassifier ? comparison.Drop * 100 : null,
            [comparison.DropLow, comparison.DropHigh],
            comparison.SqnrDecibels,
            floatBytes,
            fileBytes,
            (double)fileBytes / floatBytes,
            graph.IntegerNodes,
            Planned: null,
            graph.IntegerNodes,
            graph.LeftoverConversions,
            graph.IntegerShare,
            LatencyRatio.Of(model.FloatPath, path, samples, batchSize: 1),
            LatencyRatio.Of(model.FloatPath, path, samples, batchSize: 32),
            Seconds: null,
            PeakMiB: null,
            Report: null);
    }

    public static ReportedFigures FiguresOf(QuantizationReport report) => new(
        report.Accuracy!.Metric,
        report.Accuracy.Float,
        report.Accuracy.Quantized,
        report.Accuracy.Drop,
        [report.Accuracy.DropInterval[0] ?? double.NegativeInfinity, report.Accuracy.DropInterval[1] ?? double.PositiveInfinity],
        report.Accuracy.SqnrDecibels,
        report.Size.Ratio,
        report.Kernels.Fused,
        report.Kernels.Planned,
        report.Kernels.IntegerMultiplyAddsShare,
        report.PeakMemoryBytes / BytesPerMiB,
        report.Stages.ToDictionary(stage => stage.Stage, stage => stage.Milliseconds / MillisecondsPerSecond));
}
