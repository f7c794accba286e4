using System.Text;
using QuantBuild.Data;
using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Settings;

namespace QuantBuild.Evaluation.Metrics;

/// <summary>Finds where the slice of every sample is named.</summary>
internal static class SliceChoice
{
    private const long LargestBytes = 256L << 20;

    /// <returns>Null when there are no slices, or after adding what is wrong to <paramref name="problems"/>.</returns>
    public static SlicePlan? Of(QuantizationSettings settings, MeasuredData data, DiagnosticOrigin origin, DiagnosticBag problems)
    {
        if (settings.Slice.Length > 0)
            return OfArray(settings.Slice, data, origin with { Setting = nameof(QuantizationSettings.Slice) }, problems);
        return settings.SliceFile is { } path && File.Exists(path) ? OfFile(path, data, origin with { Setting = nameof(QuantizationSettings.SliceFile) }, problems) : null;
    }

    private static SlicePlan? OfArray(string name, MeasuredData data, DiagnosticOrigin origin, DiagnosticBag problems)
    {
        if (data.Find(name) is not { } array)
        {
            string meant = NearestName.Find(name, data.Arrays.Select(candidate => candidate.Name)) is { } nearest ? $" Did you mean '{nearest}'?" : "";
            problems.Add(DiagnosticCatalogue.InvalidSlices.At(origin, $"'{data.DisplayPath}' has no array '{name}' with the slice of each sample; it has: {data.Names}.{meant}"));
            return null;
        }
        if (TargetChoice.LengthOf(array) == 1 && (TargetChoice.IsInteger(array.ElementType) || array.ElementType == OnnxElementType.String))
            return new SlicePlan(name, []);
        problems.Add(DiagnosticCatalogue.InvalidSlices.At(
            origin, $"the array '{name}' in '{data.DisplayPath}' is {array.ElementType.DisplayName()} {array.ShapeText}, not one integer or text per sample"));
        return null;
    }

    private static SlicePlan? OfFile(string path, MeasuredData data, DiagnosticOrigin origin, DiagnosticBag problems)
    {
        string name = Path.GetFileName(path);
        string[] lines;
        try
        {
            if (new FileInfo(path).Length > LargestBytes)
                return Refuse($"'{name}' is larger than {LargestBytes >> 20} MiB");
            lines = [.. File.ReadAllLines(path, Encoding.UTF8).Select(line => line.Trim())];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Refuse($"'{name}' cannot be read: {exception.Message}");
        }
        while (lines.Length > 0 && lines[^1].Length == 0)
            lines = lines[..^1];
        if (lines.Length != data.SampleCount)
            return Refuse($"'{name}' has {lines.Length} lines, and '{data.DisplayPath}' has {data.SampleCount} samples; it takes one line for each");
        if (Array.FindIndex(lines, line => line.Length == 0) is >= 0 and var empty)
            return Refuse($"line {empty + 1} of '{name}' is empty; every line names the slice of a sample");
        int slices = lines.Distinct(StringComparer.Ordinal).Count();
        return slices > SlicePlan.MostSlices ? Refuse($"'{name}' names {slices} slices; at most {SlicePlan.MostSlices} are measured") : new SlicePlan(null, lines);

        SlicePlan? Refuse(string reason)
        {
            problems.Add(DiagnosticCatalogue.InvalidSlices.At(origin, reason + "."));
            return null;
        }
    }
}
