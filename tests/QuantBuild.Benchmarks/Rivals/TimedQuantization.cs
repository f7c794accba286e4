using QuantBuild.Benchmarks.Builds;
using QuantBuild.Benchmarks.Models;
using QuantBuild.Data;

namespace QuantBuild.Benchmarks.Rivals;

/// <summary>A run of the worker beside a pass of the float model just before it.</summary>
/// <param name="ShippedPath">Null when there is an error.</param>
/// <param name="Seconds">From loading to the last check of the rewritten file; null when there is an error.</param>
/// <param name="FloatPasses">The same as a multiple of the pass.</param>
internal sealed record TimedQuantization(string? ShippedPath, double? Seconds, double? FloatPasses, double? PeakMiB, string? Error)
{
    public static TimedQuantization Run(BenchModel model, string name, IReadOnlyDictionary<string, string> settings)
    {
        try
        {
            double pass = FloatPass.Seconds(model.FloatPath, model.CalibrationPath);
            WorkerRun run = WorkerRun.Quantize(new WorkerJob(
                model.Name, $"rivals-{name}", model.FloatPath, model.CalibrationPath, model.ValidationPath, WithMetric(model, settings)));
            double? seconds = run.Report?.LoadSeconds + run.Report?.QuantizingSeconds;
            return run is { Error: null, ShippedPath: { } path }
                ? new TimedQuantization(path, seconds, seconds / pass, run.Report?.PeakMiB, null)
                : Failed(run.Error ?? "the worker shipped no model");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return Failed(exception.Message);
        }
    }

    private static TimedQuantization Failed(string error) => new(null, null, null, null, error);

    /// <summary>Labels of a model that is no classifier must not be taken for classes; how accuracy is measured changes nothing else.</summary>
    public static IReadOnlyDictionary<string, string> WithMetric(BenchModel model, IReadOnlyDictionary<string, string> settings)
    {
        bool hasLabels = NpzSampleSource.Open(model.ValidationPath, model.ValidationPath, origin: null).Arrays
            .Any(array => array.Name == SampleBinding.LabelsName);
        return model.IsClassifier || !hasLabels ? settings : new Dictionary<string, string>(settings) { ["Metric"] = "CosineSimilarity" };
    }
}
