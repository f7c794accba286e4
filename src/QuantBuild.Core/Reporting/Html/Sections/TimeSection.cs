using System.Xml.Linq;
using QuantBuild.Reporting.Html.Plots;
using static QuantBuild.Reporting.Html.Markup;

namespace QuantBuild.Reporting.Html.Sections;

/// <summary>How long each stage took. A stage may run several times; its times are added up.</summary>
internal static class TimeSection
{
    public static Section? Of(QuantizationReport report)
    {
        (string Stage, double Milliseconds)[] stages =
        [
            .. report.Stages.GroupBy(stage => stage.Stage, StringComparer.Ordinal)
                .Select(runs => (runs.Key, runs.Sum(run => Math.Max(0, run.Milliseconds)))),
        ];
        double whole = stages.Sum(stage => stage.Milliseconds);
        if (stages.Length == 0)
            return null;
        return new Section(
            "time",
            "Where the time went",
            report.FromCache ? "An earlier build made this model; these are its times." : null,
            StackedBar.Of("Time of the stages", Largest(stages)),
            DataTable.Of(
                "Time of the stages",
                [new Column("Stage"), new Column("Time", IsNumber: true), new Column("Share", IsNumber: true)],
                stages.Select(stage => new[]
                {
                    new Cell(Tag("span", stage.Stage)),
                    new Cell(Figures.Time(stage.Milliseconds), stage.Milliseconds),
                    new Cell(new object[] { Svg.Bar(stage.Milliseconds / whole), Tag("span", Figures.Percent(whole > 0 ? stage.Milliseconds / whole : 0)) }, stage.Milliseconds),
                })));
    }

    /// <summary>As many as there are colours, the others as one.</summary>
    private static IEnumerable<BarPart> Largest((string Stage, double Milliseconds)[] stages)
    {
        const int Named = 6;
        (string Stage, double Milliseconds)[] sorted = [.. stages.OrderByDescending(stage => stage.Milliseconds)];
        foreach ((string stage, double milliseconds) in sorted.Take(Named))
            yield return new BarPart(stage, milliseconds, Figures.Time(milliseconds));
        if (sorted.Length > Named)
        {
            double rest = sorted.Skip(Named).Sum(stage => stage.Milliseconds);
            yield return new BarPart("other stages", rest, Figures.Time(rest));
        }
    }
}
