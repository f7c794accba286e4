using System.Globalization;
using QuantBuild.Evaluation;
using QuantBuild.Settings;

namespace QuantBuild.Reporting;

/// <summary>A report in one line.</summary>
internal static class Summary
{
    public static string Of(QuantizationReport report, TimeSpan elapsed)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        string size = string.Create(
            culture, $"{report.Size.FloatBytes / 1024.0:N0} KiB to {report.Size.QuantizedBytes / 1024.0:N0} KiB ({report.Size.Ratio:0.00} x)");
        string kernels = report.Kernels.Planned == 0 ? "all nodes compute in float" : string.Create(
            culture, $"{report.Kernels.Fused} of {report.Kernels.Planned} nodes run in integers{Share(report)}");
        string what = report.Settings["Scheme"] == nameof(QuantizationScheme.None)
            ? "embedded as it is (Scheme=None)"
            : $"{Accuracy(report.Accuracy)}, {kernels}";
        return string.Create(culture, $"{report.Model}: {size}, {what}, {elapsed.TotalSeconds:0.0} s{(report.FromCache ? " from the cache" : "")}");
    }

    /// <summary>A line for every slice, the worst first; empty when there are none.</summary>
    public static IEnumerable<string> OfSlices(AccuracyComparison? accuracy) =>
        accuracy is null ? [] : accuracy.Slices.OrderBy(slice => slice.IsMeasured ? 0 : 1).ThenByDescending(slice => slice.Drop)
            .Select(slice => $"slice {accuracy.Text.Of(slice)}");

    /// <summary>Without data nothing has run, and the amount of work is not known.</summary>
    private static string Share(QuantizationReport report) => report.Accuracy is null ? "" : string.Create(
        CultureInfo.InvariantCulture, $" ({report.Kernels.IntegerMultiplyAddsShare * 100:0.0} % of the multiply-adds)");

    private static string Accuracy(AccuracyReport? accuracy)
    {
        if (accuracy is null)
            return "accuracy not measured (no data)";
        MetricText text = MetricText.OfName(accuracy.Metric);
        string limit = accuracy.MaxAccuracyDrop is { } drop ? $", limit {text.Difference(drop)}"
            : accuracy.MinAccuracy is { } minimum ? $", at least {text.Value(minimum)} demanded"
            : accuracy.MaxError is { } error ? $", at most {text.Value(error)} allowed"
            : "";
        return $"{text.Name} {text.Value(accuracy.Float)} to {text.Value(accuracy.Quantized)} ({(accuracy.LowerIsBetter == true ? "rise" : "drop")} {text.Difference(accuracy.Drop)}{limit})";
    }
}
