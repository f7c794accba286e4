using System.Xml.Linq;
using QuantBuild.Evaluation;
using QuantBuild.Reporting.Html.Plots;
using static QuantBuild.Reporting.Html.Markup;

namespace QuantBuild.Reporting.Html.Sections;

/// <summary>The figures that one looks for first.</summary>
internal static class SummarySection
{
    public static Section Of(QuantizationReport report) => new(
        "summary",
        "Summary",
        null,
        Styled("div", "tiles", Size(report.Size), Accuracy(report.Accuracy), Speed(report), Integers(report)),
        Weighted(report.Kernels.Weighted),
        Facts(report));

    private static XElement Tile(string label, string value, object note, params object?[] more) => Styled(
        "div", "tile", Tag("h3", label), Styled("p", "figure", value), Styled("p", "note", note), more);

    private static XElement Size(SizeReport size)
    {
        double largest = Math.Max(1, Math.Max(size.FloatBytes, size.QuantizedBytes));
        return Tile(
            "Size",
            Figures.Bytes(size.QuantizedBytes),
            $"{Figures.Percent(size.Ratio)} of the float model",
            Styled(
                "dl",
                "bars",
                Bar("float", size.FloatBytes, "muted"),
                Bar("quantized", size.QuantizedBytes, ""),
                Bar("compressed", size.CompressedBytes, "light")));

        XElement Bar(string name, long bytes, string styles) =>
            Tag("div", Tag("dt", name), Tag("dd", Figures.Bytes(bytes)), Tag("dd", Class("bar-row"), Svg.Bar(bytes / largest, styles)));
    }

    private static XElement Accuracy(AccuracyReport? accuracy)
    {
        if (accuracy is null)
            return Tile("Accuracy", Figures.None, "Not measured: there was no data.");
        MetricText text = Figures.Metric(accuracy.Metric);
        return Tile(
            Capital(text.Name),
            text.Value(accuracy.Quantized),
            $"from {text.Value(accuracy.Float)} of the float model",
            Styled(
                "dl",
                "pairs",
                Pair(accuracy.LowerIsBetter == true ? "rise" : "drop", text.Difference(accuracy.Drop)),
                Pair("samples", Figures.Count(accuracy.Samples)),
                Pair("outputs", accuracy.SqnrDecibels is { } decibels ? Figures.Decibels(decibels) : "the same")));
    }

    private static XElement Speed(QuantizationReport report) => Tile(
        "Estimated time of a run",
        $"{Figures.Value(Math.Round(report.Kernels.EstimatedCost, 2))}\u00A0×",
        "that of the float model, from a table of what kernels and conversions cost",
        Svg.Bar(report.Kernels.EstimatedCost));

    private static XElement Integers(QuantizationReport report)
    {
        KernelReport kernels = report.Kernels;
        string nodes = kernels.Planned == 0 ? "All nodes compute in float." : $"{kernels.Fused} of {kernels.Planned} planned nodes run in integer kernels";
        return report.Accuracy is null || kernels.Planned == 0
            ? Tile("Integer kernels", $"{kernels.Fused} of {kernels.Planned}", nodes)
            : Tile(
                "Work in integers",
                Figures.Percent(kernels.IntegerMultiplyAddsShare),
                $"of the multiply-adds; {nodes}",
                Svg.Bar(kernels.IntegerMultiplyAddsShare));
    }

    /// <summary>How the nodes with weights run and store them.</summary>
    private static XElement? Weighted(WeightedReport weighted)
    {
        (string Name, int Count)[] parts =
        [
            ("integers, calibrated ranges", weighted.Fused),
            ("integers, ranges at every run", weighted.Dynamic),
            ("float, stored in 8 bits or less", weighted.Stored8),
            ("float, stored in 16 bits", weighted.Stored16),
            ("float, kept as they are", weighted.KeptFloat),
        ];
        return weighted.Nodes <= 0 ? null : Styled(
            "div",
            "parts",
            Tag("h3", Figures.Plural(weighted.Nodes, "node with weights", "nodes with weights")),
            StackedBar.Of("How the nodes with weights run", parts.Select(part => new BarPart(part.Name, part.Count, Figures.Count(part.Count)))));
    }

    private static XElement Facts(QuantizationReport report) => Styled(
        "dl",
        "facts",
        Pair("Made by", report.Tool),
        Pair("Runtime", report.Runtime),
        Pair("Processor class", report.Processor),
        report.Settings.TryGetValue("Scheme", out string? scheme) ? Pair("Scheme", scheme) : null,
        report.MaskInput is { } mask ? Pair("Padding is marked by", Name(mask)) : null,
        Pair("Stages took", Figures.Time(report.Stages.Sum(stage => stage.Milliseconds)) + (report.FromCache ? ", in an earlier build (from the cache)" : "")),
        Pair("Peak memory", Figures.Bytes(report.PeakMemoryBytes)));

    private static XElement Pair(string name, object value) => Tag("div", Tag("dt", name), Tag("dd", value));

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
