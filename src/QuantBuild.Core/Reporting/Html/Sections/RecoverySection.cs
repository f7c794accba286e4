using System.Xml.Linq;
using QuantBuild.Reporting.Html.Plots;
using static QuantBuild.Reporting.Html.Markup;

namespace QuantBuild.Reporting.Html.Sections;

/// <summary>What was tried to win accuracy back, and what it brought.</summary>
internal static class RecoverySection
{
    public static Section? Of(QuantizationReport report)
    {
        if (report.Recovery.Count == 0)
            return null;
        double best = report.Recovery.SelectMany(step => new[] { step.WithoutDecibels ?? 0, step.WithDecibels ?? 0 }).Max();
        return new Section(
            "recovery",
            "Recovery",
            "Each step is measured on calibration samples that were held out, and kept when the outputs are closer to those of the float model with it.",
            DataTable.Of(
                "Steps of recovery",
                [
                    new Column("Step"), new Column("Verdict"), new Column("Without", IsNumber: true), new Column("With", IsNumber: true), new Column("Gain", IsNumber: true),
                ],
                report.Recovery.Select(step => new[]
                {
                    new Cell(Tag("span", step.Step)),
                    new Cell(Styled("span", step.Kept ? "pill chosen" : "pill", step.Kept ? "kept" : step.WithDecibels is null ? "nothing to do" : "dropped")),
                    Decibels(step.WithoutDecibels, best),
                    Decibels(step.WithDecibels, best),
                    step is { WithDecibels: { } with, WithoutDecibels: { } without }
                        ? new Cell((with > without ? "+" : "") + Figures.Decibels(with - without), with - without)
                        : Cell.Missing,
                })));
    }

    private static Cell Decibels(double? decibels, double best) => decibels is { } value
        ? new Cell(new object[] { Svg.Bar(best > 0 ? value / best : 0), Tag("span", Figures.Decibels(value)) }, value)
        : Cell.Missing;
}
