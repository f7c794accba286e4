using System.Xml.Linq;
using static QuantBuild.Reporting.Html.Markup;

namespace QuantBuild.Reporting.Html.Sections;

/// <summary>What computes in float, by the reason for it.</summary>
internal static class FloatSection
{
    private const int MostNames = 40;

    public static Section? Of(QuantizationReport report)
    {
        var groups = report.Nodes
            .Where(node => node.Runs is "float" or "unfused")
            .GroupBy(node => node.Runs == "unfused" ? "the runtime did not fuse it into an integer kernel" : node.Reason ?? "no reason is known", StringComparer.Ordinal)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal)
            .ToList();
        return groups.Count == 0 ? null : new Section(
            "float",
            "What stayed float",
            $"{Figures.Plural(groups.Sum(group => group.Count()), "layer computes", "layers compute")} in float.",
            Styled("div", "reasons", groups.Select(Group)));
    }

    private static XElement Group(IGrouping<string, NodeReport> group)
    {
        int count = group.Count();
        return Tag(
            "details",
            Tag("summary", Styled("b", "count", Figures.Count(count)), Tag("span", group.Key)),
            Styled(
                "ul",
                "names",
                group.Take(MostNames).Select(node => Tag("li", Name(node.Name), " ", Tag("small", node.Operator))),
                count > MostNames ? Tag("li", $"and {Figures.Count(count - MostNames)} more") : null));
    }
}
