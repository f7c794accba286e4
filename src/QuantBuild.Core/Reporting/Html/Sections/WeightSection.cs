using System.Globalization;
using System.Xml.Linq;
using QuantBuild.Reporting.Html.Plots;
using static QuantBuild.Reporting.Html.Markup;

namespace QuantBuild.Reporting.Html.Sections;

/// <summary>Weights before and after.</summary>
internal static class WeightSection
{
    public static Section? Of(QuantizationReport report)
    {
        if (report.Weights.Count == 0)
            return null;
        WeightReport[] drawn = [.. report.Weights.Where(weight => weight.Quantized is { Counts.Count: > 0 })];
        return new Section(
            "weights",
            "Weights",
            $"{Figures.Plural(report.Weights.Count, "weight is", "weights are")} stored as codes. "
            + (drawn.Length == 0 ? "" : "The line shows the weights of the float model, the filled steps what the codes stand for. Heights are square roots of counts.")
            + (drawn.Length >= Histograms.MostTensors && report.Weights.Count > drawn.Length ? $" Only the {drawn.Length} with the most values are drawn." : ""),
            drawn.Length == 0 ? null : CardGrid.Of("Filter weights", drawn.Select(Card)),
            Tag("details", Tag("summary", "Table of all weights"), Table(report.Weights)));
    }

    private static XElement Card(WeightReport weight) => CardGrid.Card(
        weight.Name,
        weight.Type,
        HistogramPlot.Of(weight.Quantized!, weight.Float, null, $"Weights of {weight.Name} before and after"),
        $"{Figures.Plural(weight.Values, "weight", "weights")}, {Figures.Plural(Scales(weight), "scale", "scales")}, {Kept(weight)}"
        + (weight.Quantized!.EveryNth is { } nth ? $"; every {nth.ToString(CultureInfo.InvariantCulture)}th counted" : ""));

    private static int Scales(WeightReport weight) => Math.Max(weight.ScaleCount, weight.Scales.Count);

    private static string Kept(WeightReport weight) =>
        weight.SqnrDecibels is { } decibels ? $"{Figures.Decibels(decibels)} kept" : weight.Values > 0 ? "kept exactly" : "";

    private static XElement Table(IReadOnlyList<WeightReport> weights) => DataTable.Of(
        "All weights that are stored as codes",
        [
            new Column("Weight"), new Column("Type"), new Column("Computes in"), new Column("Values", IsNumber: true), new Column("Scales", IsNumber: true),
            new Column("Axis", IsNumber: true, "Of the output channels"), new Column("Kept", IsNumber: true, "Signal-to-noise ratio of the weights"),
        ],
        weights.Select(weight => new[]
        {
            new Cell(Name(weight.Name)),
            new Cell(weight.Type),
            new Cell(weight.ComputesInFloat == true ? "float" : "integers"),
            weight.Values > 0 ? new Cell(Figures.Count(weight.Values), weight.Values) : Cell.Missing,
            new Cell(Figures.Count(Scales(weight)), Scales(weight)),
            weight.Axis is { } axis ? new Cell(axis.ToString(CultureInfo.InvariantCulture), axis) : Cell.Missing,
            weight.SqnrDecibels is { } decibels ? new Cell(Figures.Decibels(decibels), decibels) : Cell.Missing,
        }));
}
