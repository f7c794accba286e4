using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Settings;

namespace QuantBuild.Evaluation.Metrics;

/// <summary>The outputs that a metric measures.</summary>
/// <param name="Roles">Of detections.</param>
internal sealed record ChosenOutputs(IReadOnlyList<string> Outputs, DetectionRoles Roles);

/// <summary>Finds them: the one that the settings name, or the first that the metric can take as far as its shape is known.</summary>
internal sealed class OutputChoice(QuantizationSettings settings, ModelSignature signature, DiagnosticOrigin origin, DiagnosticBag problems)
{
    private const int BoxLength = 4;
    private const int RowLength = 6;

    private readonly TensorSignature[] floats = [.. signature.Outputs.Where(output => output.ElementType == OnnxElementType.Float)];

    private readonly TensorSignature[] numbers =
        [.. signature.Outputs.Where(output => output.ElementType is OnnxElementType.Float or OnnxElementType.Int64 or OnnxElementType.Int32)];

    public bool CanDetect => Detections() is not null;

    /// <summary>True when an output may hold a class for every pixel.</summary>
    public bool HasMaps => Array.Exists(floats, output => output.Shape is null or { Count: >= 3 });

    /// <returns>Null after adding the reason to the problems.</returns>
    public ChosenOutputs? For(AccuracyMetric metric)
    {
        TensorSignature? named = null;
        if (settings.MetricOutput.Length > 0)
        {
            named = signature.Outputs.FirstOrDefault(output => output.Name == settings.MetricOutput);
            if (named is null)
                return Refuse(NearestName.Find(settings.MetricOutput, signature.Outputs.Select(output => output.Name)) is { } nearest
                    ? $"the model has no such output. Did you mean '{nearest}'? It has: {Outputs}" : $"the model has no such output. It has: {Outputs}");
            if (named.ElementType != OnnxElementType.Float)
                return Refuse($"that output is {named}, and only float32 can be measured");
        }
        if (metric == AccuracyMetric.Custom)
            return new ChosenOutputs(named is null ? [.. numbers.Select(output => output.Name)] : [named.Name], DetectionRoles.OneOutput);
        if (metric is AccuracyMetric.CosineSimilarity or AccuracyMetric.SignalToNoise)
            return new ChosenOutputs(named is null ? [.. floats.Select(output => output.Name)] : [named.Name], DetectionRoles.OneOutput);
        if (metric == AccuracyMetric.MeanAveragePrecision)
            return named is null
                ? Detections() ?? Refuse($"no outputs are detections: boxes [N,4] with scores [N] and classes [N], or one [N,6]. It has: {Outputs}")
                : FitsLast(named, RowLength) ? new ChosenOutputs([named.Name], DetectionRoles.OneOutput) : Refuse($"that output is {named}, not rows of {RowLength}: x1, y1, x2, y2, score, class");
        if (named is not null)
            return Suits(metric, named) ? Only(named) : Refuse($"that output is {named}, and the metric takes {Wanted(metric)}");
        return Array.Find(floats, output => Suits(metric, output)) is { } first ? Only(first) : Refuse($"no output of the model is {Wanted(metric)}. It has: {Outputs}");
    }

    private string Outputs => string.Join("; ", signature.Outputs.Select(output => $"'{output.Name}' {output}"));

    private static ChosenOutputs Only(TensorSignature output) => new([output.Name], DetectionRoles.OneOutput);

    private ChosenOutputs? Refuse(string reason)
    {
        string name = MetricName.Of(settings.Metric, settings.MetricRank);
        bool isNamed = settings.MetricOutput.Length > 0;
        if (floats.Length > 0)
            problems.Add(DiagnosticCatalogue.UnsuitableOutput.At(
                origin with { Setting = isNamed ? nameof(QuantizationSettings.MetricOutput) : nameof(QuantizationSettings.Metric) },
                isNamed ? $"MetricOutput={settings.MetricOutput}" : $"Metric={name}", origin.Model, reason));
        return null;
    }

    private bool Suits(AccuracyMetric metric, TensorSignature output) => metric switch
    {
        AccuracyMetric.TopN => LengthOf(output) is not { } length || length > settings.MetricRank,
        AccuracyMetric.F1 => LengthOf(output) is not { } length || length > 1,
        AccuracyMetric.Auc => LengthOf(output) is not { } length || length is 1 or 2,
        AccuracyMetric.IntersectionOverUnion => output.Shape is null or { Count: >= 3 },
        AccuracyMetric.Perplexity or AccuracyMetric.WordErrorRate => output.Shape is null or { Count: >= 2 },
        _ => true,
    };

    private string Wanted(AccuracyMetric metric) => metric switch
    {
        AccuracyMetric.TopN => $"more than {settings.MetricRank} float32 values per sample",
        AccuracyMetric.F1 => "two or more float32 values per sample, one per class",
        AccuracyMetric.Auc => "one or two float32 values per sample",
        AccuracyMetric.IntersectionOverUnion => "float32 with three axes or more, one of them classes",
        AccuracyMetric.Perplexity or AccuracyMetric.WordErrorRate => "float32 [N,T,V], V being classes",
        _ => "float32",
    };

    /// <summary>Values per sample where all axes but the first are known.</summary>
    private static long? LengthOf(TensorSignature output) =>
        output.Shape is { Count: > 1 } shape && shape.Skip(1).All(dimension => dimension.Value is not null)
            ? shape.Skip(1).Aggregate(1L, (product, dimension) => product * dimension.Value!.Value)
            : null;

    private static bool FitsLast(TensorSignature output, int length) =>
        output.Shape is null || (output.Shape.Count >= 2 && (output.Shape[^1].Value ?? length) == length);

    /// <summary>Boxes, scores and classes by shape and type, where that leaves a choice by name; or one output with rows of all.</summary>
    private ChosenOutputs? Detections()
    {
        if (Array.Find(floats, output => output.Shape is { Count: >= 2 } shape && shape[^1].Value == RowLength) is { } rows)
            return new ChosenOutputs([rows.Name], DetectionRoles.OneOutput);
        TensorSignature? boxes = Array.Find(floats, output => output.Shape is { Count: >= 2 } shape && shape[^1].Value == BoxLength)
            ?? Array.Find(floats, output => IsNamed(output, "box") && FitsLast(output, BoxLength));
        if (boxes is null)
            return null;
        TensorSignature[] others = [.. numbers.Where(output => output != boxes && (output.Shape is null || boxes.Shape is null || output.Shape.Count == boxes.Shape.Count - 1))];
        TensorSignature? classes = Array.Find(others, output => IsNamed(output, "class") || IsNamed(output, "label"))
            ?? Array.Find(others, output => output.ElementType != OnnxElementType.Float);
        TensorSignature? scores = Array.Find(others, output => output != classes && output.ElementType == OnnxElementType.Float && (IsNamed(output, "score") || IsNamed(output, "conf")))
            ?? Array.Find(others, output => output != classes && output.ElementType == OnnxElementType.Float);
        return classes is null || scores is null ? null : new ChosenOutputs([boxes.Name, scores.Name, classes.Name], new DetectionRoles(0, 1, 2));
    }

    private static bool IsNamed(TensorSignature output, string part) => output.Name.Contains(part, StringComparison.OrdinalIgnoreCase);
}
