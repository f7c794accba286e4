using QuantBuild.Benchmarks.Builds;
using QuantBuild.Benchmarks.Models.Data;

namespace QuantBuild.Benchmarks.Models;

/// <summary>A model of the table, with everything that quantizing and judging it needs.</summary>
/// <param name="MetricOf">For the validation samples.</param>
internal sealed record TableModel(string Name, string FloatPath, ModelData Data, Func<SampleSet, TaskMetric> MetricOf)
{
    /// <summary>Settings beside the data and the objective.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<ToolFile> ToolFiles { get; init; } = [];

    /// <summary>Whether the latency of 32 samples at once is measured too.</summary>
    public bool MeasuresBatch32 { get; init; }

    /// <param name="objective">Null: the default.</param>
    public WorkerJob JobFor(string? objective)
    {
        var settings = new Dictionary<string, string>(Settings, StringComparer.Ordinal);
        if (objective is not null)
            settings.Add("Objective", objective);
        return new WorkerJob(Name, objective ?? "default", FloatPath, Data.CalibrationPath, Data.ValidationPath, settings);
    }

    public static Func<SampleSet, TaskMetric> CosineSimilarity { get; } = _ => TaskMetric.CosineSimilarity;

    public static Func<SampleSet, TaskMetric> Decisions { get; } = _ => TaskMetric.Decisions;

    public static Func<SampleSet, TaskMetric> Top1 { get; } = samples => TaskMetric.Top1(samples.Labels);
}

/// <summary>What another tool made of the same float file.</summary>
/// <param name="File">Name for people: the tool's configuration.</param>
/// <param name="FloatPasses">Null when it was not measured.</param>
/// <param name="PeakMiB">Null when it was not measured.</param>
internal sealed record ToolFile(string Tool, string File, string Path, double? FloatPasses, double? PeakMiB);
