using System.Xml.Linq;
using static QuantBuild.Reporting.Html.Markup;

namespace QuantBuild.Reporting.Html.Sections;

/// <summary>How the graph was put in order before anything was quantized.</summary>
internal static class PreparationSection
{
    private const int MostDeclined = 40;

    public static Section? Of(QuantizationReport report)
    {
        PassReport[] busy = [.. report.Preparation.Where(pass => pass.Applied > 0 || pass.Declined.Count > 0)];
        return busy.Length == 0 ? null : new Section(
            "preparation",
            "Preparation",
            $"Passes that put the float graph in order first; {report.Preparation.Count - busy.Length} others found nothing to do.",
            DataTable.Of(
                "Passes over the graph",
                [new Column("Pass"), new Column("Changes", IsNumber: true), new Column("Declined")],
                busy.Select(pass => new[]
                {
                    new Cell(Tag("span", pass.Pass)),
                    new Cell(Figures.Count(pass.Applied), pass.Applied),
                    pass.Declined.Count == 0 ? Cell.Missing : new Cell(Declined(pass.Declined), pass.Declined.Count),
                })));
    }

    private static XElement Declined(IReadOnlyList<string> declined) => Tag(
        "details",
        Tag("summary", Figures.Plural(declined.Count, "place", "places")),
        Styled(
            "ul",
            "names",
            declined.Take(MostDeclined).Select(text => Tag("li", text)),
            declined.Count > MostDeclined ? Tag("li", $"and {Figures.Count(declined.Count - MostDeclined)} more") : null));
}
