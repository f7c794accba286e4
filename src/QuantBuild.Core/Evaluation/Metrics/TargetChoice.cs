using QuantBuild.Data;
using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Settings;

namespace QuantBuild.Evaluation.Metrics;

/// <summary>Finds the arrays that say what is right, and checks their types and shapes.</summary>
internal sealed class TargetChoice(AccuracyMetric metric, int rank, MeasuredData data, DiagnosticOrigin origin, DiagnosticBag problems)
{
    private const int BoxLength = 4;

    private readonly DiagnosticOrigin atData = origin with { Setting = data.Setting };

    private string Name => MetricName.Of(metric, rank);

    public static bool IsInteger(OnnxElementType type) => type is OnnxElementType.Int64 or OnnxElementType.Int32 or OnnxElementType.Int16 or OnnxElementType.Int8
        or OnnxElementType.UInt32 or OnnxElementType.UInt16 or OnnxElementType.UInt8 or OnnxElementType.Bool;

    /// <summary>Elements of one sample; null when they differ.</summary>
    public static long? LengthOf(SampleArray array) =>
        array.Shape.Skip(1).All(dimension => dimension != SampleArray.Varying) ? array.Shape.Skip(1).Aggregate(1L, (product, dimension) => product * dimension) : null;

    public IReadOnlyList<PlannedTarget> For(IReadOnlyList<string> outputs, ModelSignature signature) => metric switch
    {
        AccuracyMetric.Top1 or AccuracyMetric.TopN or AccuracyMetric.F1 or AccuracyMetric.Auc => Classes(),
        AccuracyMetric.MeanAbsoluteError or AccuracyMetric.MeanSquaredError or AccuracyMetric.Psnr => Values(outputs[0], signature),
        AccuracyMetric.IntersectionOverUnion => Map(outputs[0], signature),
        AccuracyMetric.MeanAveragePrecision => Boxes(),
        AccuracyMetric.Perplexity => Tokens(signature),
        AccuracyMetric.WordErrorRate => Sequence(),
        _ => [],
    };

    private IReadOnlyList<PlannedTarget> Classes()
    {
        if (data.Find(data.LabelName) is not { } labels)
            problems.Add(DiagnosticCatalogue.InvalidLabels.At(
                origin with { Setting = nameof(QuantizationSettings.Metric) }, data.DisplayPath, $"Metric={Name} needs an array '{data.LabelName}', and there is none"));
        else if (LengthOf(labels) != 1 || !(IsInteger(labels.ElementType) || labels.ElementType == OnnxElementType.String))
            problems.Add(DiagnosticCatalogue.InvalidLabels.At(atData, data.DisplayPath, $"they are {Text(labels)}, not one integer or class name per sample"));
        return [new PlannedTarget(data.LabelName)];
    }

    private IReadOnlyList<PlannedTarget> Values(string output, ModelSignature signature)
    {
        SampleArray? target = data.Find(MetricPlanner.TargetName) ?? data.Find(output);
        if (target is null)
            return Missing($"'{MetricPlanner.TargetName}' or '{output}'", "the values that the output should have");
        if (!IsInteger(target.ElementType) && target.ElementType is not (OnnxElementType.Float or OnnxElementType.Double or OnnxElementType.Float16))
            return Misfit(target, "numbers");
        IReadOnlyList<OnnxDimension>? shape = signature.Outputs.First(candidate => candidate.Name == output).Shape;
        if (shape is { Count: > 0 } && shape.Skip(1).All(dimension => dimension.Value is not null) && LengthOf(target) is { } length)
        {
            long values = shape.Skip(1).Aggregate(1L, (product, dimension) => product * dimension.Value!.Value);
            long whole = shape[0].Value is { } first ? values * first : values;
            if (length != values && length != whole)
                return Misfit(target, $"{values} values per sample, as the output '{output}' has them");
        }
        return [new PlannedTarget(target.Name)];
    }

    private IReadOnlyList<PlannedTarget> Map(string output, ModelSignature signature)
    {
        if (data.Find(data.LabelName) is not { } labels)
            return Missing($"'{data.LabelName}'", "a class for every pixel");
        if (!IsInteger(labels.ElementType) || labels.Shape.Count < 2)
            return Misfit(labels, "integers, a class for every pixel");
        long[] pixels = [.. labels.Shape.Skip(1).Where(length => length != 1)];
        if (signature.Outputs.First(candidate => candidate.Name == output).Shape is { Count: >= 3 } shape && !Fits(shape, 1) && !Fits(shape, shape.Count - 1) && !Fits(shape, 0))
            return Misfit(labels, $"a class for every pixel of the output '{output}', whose shape is [{string.Join(",", shape)}], without its axis of classes");
        return [new PlannedTarget(labels.Name)];

        bool Fits(IReadOnlyList<OnnxDimension> shape, int classAxis)
        {
            OnnxDimension[] image = [.. shape.Where((_, axis) => axis != classAxis && (axis > 0 || classAxis == 0))];
            long?[] known = [.. image.Select(dimension => dimension.Value).Where(length => length != 1)];
            return Array.IndexOf(known, null) >= 0 || Array.IndexOf(pixels, SampleArray.Varying) >= 0
                || known.SequenceEqual(pixels.Select(length => (long?)length));
        }
    }

    private IReadOnlyList<PlannedTarget> Boxes()
    {
        if (data.Find(MetricPlanner.BoxesName) is not { } boxes)
            return Missing($"'{MetricPlanner.BoxesName}'", "the corners of the labelled boxes, [samples,M,4]");
        if (data.Find(data.LabelName) is not { } labels)
            return Missing($"'{data.LabelName}'", "the classes of the labelled boxes, [samples,M], -1 being padding");
        if (boxes.Shape.Count < 3 || boxes.Shape[^1] != BoxLength || boxes.ElementType == OnnxElementType.String)
            return Misfit(boxes, "the corners of boxes, [samples,M,4]");
        if (!IsInteger(labels.ElementType) || (LengthOf(boxes) is { } corners && LengthOf(labels) is { } count && corners != count * BoxLength))
            return Misfit(labels, $"an integer for every box of '{boxes.Name}', which is {Text(boxes)}");
        return [new PlannedTarget(boxes.Name), new PlannedTarget(labels.Name)];
    }

    private IReadOnlyList<PlannedTarget> Tokens(ModelSignature signature)
    {
        if (data.Find(data.LabelName) is { } labels)
            return IsInteger(labels.ElementType) && labels.Shape.Count >= 2 ? [new PlannedTarget(labels.Name)] : Misfit(labels, "integers, one token for every position");
        TensorSignature[] integers = [.. signature.Inputs.Where(input => input.ElementType is OnnxElementType.Int64 or OnnxElementType.Int32)];
        TensorSignature? tokens = Array.Find(integers, input => input.Name == "input_ids") ?? Array.Find(integers, input => input.Shape is null or { Count: >= 1 });
        if (tokens is null)
            return Missing($"'{data.LabelName}'", "the token that every position should give");
        return Array.Exists(integers, input => input.Name == "attention_mask")
            ? [new PlannedTarget(tokens.Name, IsInput: true), new PlannedTarget("attention_mask", IsInput: true)]
            : [new PlannedTarget(tokens.Name, IsInput: true)];
    }

    private IReadOnlyList<PlannedTarget> Sequence()
    {
        if (data.Find(data.LabelName) is not { } labels)
            return Missing($"'{data.LabelName}'", "the right sequence of every sample, padded with -1");
        return IsInteger(labels.ElementType) && labels.Shape.Count == 2 ? [new PlannedTarget(labels.Name)] : Misfit(labels, "integers [samples,L], padded with -1");
    }

    private IReadOnlyList<PlannedTarget> Missing(string name, string meaning)
    {
        problems.Add(DiagnosticCatalogue.MissingTarget.At(
            origin with { Setting = nameof(QuantizationSettings.Metric) }, Name, name, meaning, data.DisplayPath, data.Names));
        return [];
    }

    private IReadOnlyList<PlannedTarget> Misfit(SampleArray array, string wanted)
    {
        problems.Add(DiagnosticCatalogue.InvalidTarget.At(atData, array.Name, data.DisplayPath, Name, $"it is {Text(array)}, not {wanted}"));
        return [];
    }

    private static string Text(SampleArray array) => $"{array.ElementType.DisplayName()} {array.ShapeText}";
}
