using System.Globalization;
using System.Xml.Linq;
using QuantBuild.Reporting.Html.Plots;
using static QuantBuild.Reporting.Html.Markup;

namespace QuantBuild.Reporting.Html.Sections;

/// <summary>What the calibration samples showed of activations, and the range that was chosen.</summary>
internal static class ActivationSection
{
    public static Section? Of(QuantizationReport report)
    {
        if (report.Activations.Count == 0)
            return null;
        ActivationReport[] drawn = [.. report.Activations.Where(activation => activation.Histogram is { Counts.Count: > 0 })];
        return new Section(
            "activations",
            "Activations",
            $"{Figures.Plural(report.Activations.Count, "activation is", "activations are")} quantized. "
            + (drawn.Length == 0 ? "" : "Values seen in calibration; the tinted band is the range that codes reach, and what lies outside is cut to its ends. "
            + "Heights are square roots of counts.") + MoreThanDrawn(report, drawn.Length),
            drawn.Length == 0 ? null : CardGrid.Of("Filter activations", drawn.Select(Card)),
            Tag("details", Tag("summary", "Table of all activations"), Table(report.Activations)));
    }

    private static string MoreThanDrawn(QuantizationReport report, int drawn) =>
        drawn >= Histograms.MostTensors && report.Activations.Count > drawn ? $" Only the {drawn} with the most values are drawn." : "";

    private static XElement Card(ActivationReport activation)
    {
        (double low, double high)? range = Range(activation);
        string text = range is { } kept ? $"{Figures.Value(kept.low)} to {Figures.Value(kept.high)}" : Figures.None;
        return CardGrid.Card(
            activation.Name,
            activation.Type,
            HistogramPlot.Of(activation.Histogram!, null, range, $"Values of {activation.Name}; range {text}"),
            $"range {text}");
    }

    /// <summary>What the smallest and the largest code stand for; null for a type of another version.</summary>
    private static (double Low, double High)? Range(ActivationReport activation)
    {
        (double Low, double High)? codes = activation.Type switch
        {
            "UInt8" => (0, 255),
            "Int8" => (-128, 127),
            "UInt16" => (0, 65535),
            "Int16" => (-32768, 32767),
            _ => null,
        };
        return codes is { } ends && float.IsFinite(activation.Scale)
            ? ((ends.Low - activation.ZeroPoint) * activation.Scale, (ends.High - activation.ZeroPoint) * activation.Scale)
            : null;
    }

    private static XElement Table(IReadOnlyList<ActivationReport> activations) => DataTable.Of(
        "All quantized activations",
        [
            new Column("Activation"), new Column("Type"), new Column("Scale", IsNumber: true), new Column("Zero point", IsNumber: true),
            new Column("Smallest", IsNumber: true, "Smallest value seen"), new Column("Largest", IsNumber: true, "Largest value seen"),
            new Column("Shares parameters of"),
        ],
        activations.Select(activation => new[]
        {
            new Cell(Name(activation.Name)),
            new Cell(activation.Type),
            new Cell(Figures.Value(activation.Scale), activation.Scale),
            new Cell(activation.ZeroPoint.ToString(CultureInfo.InvariantCulture), activation.ZeroPoint),
            activation.Minimum is { } minimum ? new Cell(Figures.Value(minimum), minimum) : Cell.Missing,
            activation.Maximum is { } maximum ? new Cell(Figures.Value(maximum), maximum) : Cell.Missing,
            activation.SharesParametersOf is { } shared ? new Cell(Name(shared)) : Cell.Missing,
        }));
}
