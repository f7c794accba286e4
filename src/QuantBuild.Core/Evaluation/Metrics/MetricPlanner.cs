using QuantBuild.Data;
using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Settings;

namespace QuantBuild.Evaluation.Metrics;

/// <summary>Finds the outputs and the arrays of the data that a metric takes, before anything runs.</summary>
internal static class MetricPlanner
{
    /// <summary>Array of what a model with values as its output should give.</summary>
    public const string TargetName = "target";

    /// <summary>Array of the corners of labelled boxes.</summary>
    public const string BoxesName = "boxes";

    /// <summary>True for metrics whose labels are one class per sample.</summary>
    public static bool TakesClasses(AccuracyMetric metric) => metric is AccuracyMetric.Top1 or AccuracyMetric.TopN or AccuracyMetric.F1 or AccuracyMetric.Auc;

    /// <returns>Null when there is nothing to measure, or after adding what is wrong to <paramref name="problems"/>.</returns>
    public static MetricPlan? Plan(QuantizationSettings settings, ModelSignature signature, MeasuredData data, DiagnosticOrigin origin, DiagnosticBag problems)
    {
        var found = new DiagnosticBag();
        var outputs = new OutputChoice(settings, signature, origin, found);
        AccuracyMetric metric = settings.Metric == AccuracyMetric.Auto ? Choose(outputs, data) : settings.Metric;
        if (signature.Outputs.All(output => output.ElementType != OnnxElementType.Float))
            return null;
        MetricPlan? plan = outputs.For(metric) is { } chosen ? WithTargets(new MetricPlan(metric, settings.MetricRank, chosen.Outputs, [])
        {
            Roles = chosen.Roles,
            Blank = settings.BlankClass,
            Separator = settings.WordSeparator,
        }) : null;
        SlicePlan? slices = SliceChoice.Of(settings, data, origin, found);
        problems.AddRange(found.Diagnostics);
        return found.HasErrors ? null : plan is null ? null : plan with { Slices = slices };

        MetricPlan WithTargets(MetricPlan plan) => plan with { Targets = new TargetChoice(plan.Metric, plan.Rank, data, origin, found).For(plan.Outputs, signature) };
    }

    private static AccuracyMetric Choose(OutputChoice outputs, MeasuredData data)
    {
        if (data.Find(data.LabelName) is not { } labels)
            return AccuracyMetric.CosineSimilarity;
        if (data.Find(BoxesName) is not null && outputs.CanDetect)
            return AccuracyMetric.MeanAveragePrecision;
        return TargetChoice.IsInteger(labels.ElementType) && labels.Shape.Count >= 3 && TargetChoice.LengthOf(labels) != 1 && outputs.HasMaps
            ? AccuracyMetric.IntersectionOverUnion
            : AccuracyMetric.Top1;
    }
}

/// <summary>What the data says of itself before it is read.</summary>
/// <param name="DisplayPath">For messages.</param>
/// <param name="Arrays">Those that are no input of the model.</param>
/// <param name="LabelName">Name of the array of labels.</param>
internal sealed record MeasuredData(string DisplayPath, IReadOnlyList<SampleArray> Arrays, string LabelName, long SampleCount)
{
    /// <summary>The setting that names the data.</summary>
    public string Setting { get; init; } = "";

    public SampleArray? Find(string name) => Arrays.FirstOrDefault(array => array.Name == name);

    public string Names => Arrays.Count == 0 ? "no arrays besides inputs" : string.Join(", ", Arrays.Select(array => $"'{array.Name}'"));
}
