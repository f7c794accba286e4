using QuantBuild.Evaluation;
using static QuantBuild.Reporting.Html.Markup;

namespace QuantBuild.Reporting.Html.Sections;

/// <summary>The metric for every part of the samples, the worst first.</summary>
internal static class SliceSection
{
    public static Section? Of(QuantizationReport report)
    {
        if (report.Accuracy is not { Slices: { Count: > 0 } slices } accuracy)
            return null;
        MetricText text = Figures.Metric(accuracy.Metric);
        return new Section(
            "slices",
            "Slices",
            $"The {text.Name} of {Figures.Plural(slices.Count, "part", "parts")} of the samples, the largest {(accuracy.LowerIsBetter == true ? "rise" : "drop")} first.",
            DataTable.Of(
                "Accuracy of slices",
                [
                    new Column("Slice"), new Column("Samples", IsNumber: true), new Column("Float", IsNumber: true), new Column("Quantized", IsNumber: true),
                    new Column(accuracy.LowerIsBetter == true ? "Rise" : "Drop", IsNumber: true), new Column("Interval", IsNumber: true, "Confidence interval, 95 %"),
                ],
                slices.OrderByDescending(slice => slice.Drop ?? double.NegativeInfinity).Select(slice => Row(slice, text)),
                slices.Count > 10 ? "Filter slices" : null));
    }

    private static Cell[] Row(SliceReport slice, MetricText text) =>
    [
        new Cell(Name(slice.Name)),
        new Cell(Figures.Count(slice.Samples), slice.Samples),
        slice.Float is { } before ? new Cell(text.Value(before), before) : Cell.Missing,
        slice.Quantized is { } after ? new Cell(text.Value(after), after) : Cell.Missing,
        slice.Drop is { } drop ? new Cell(text.Difference(drop), drop) : Cell.Missing,
        slice.DropInterval is [{ } low, { } high] ? new Cell($"{text.Interval(low)} to {text.Interval(high)}", high) : Cell.Missing,
    ];
}
