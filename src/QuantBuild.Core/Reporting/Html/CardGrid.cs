using System.Xml.Linq;
using static QuantBuild.Reporting.Html.Markup;

namespace QuantBuild.Reporting.Html;

/// <summary>Small pictures of tensors side by side: the first ones at once, the others when asked for.</summary>
internal static class CardGrid
{
    private const int ShownAtOnce = 12;

    /// <param name="filter">What the box above the cards asks for.</param>
    public static object[] Of(string filter, IEnumerable<XElement> cards)
    {
        XElement[] all = [.. cards];
        object first = Styled("div", "cards", all.Take(ShownAtOnce));
        return all.Length <= ShownAtOnce
            ? [first]
            :
            [
                first,
                Tag(
                    "details",
                    Tag("summary", $"{all.Length - ShownAtOnce} more"),
                    Styled(
                        "div",
                        "filtered",
                        Styled(
                            "p", "filter scripted", Tag("input", Attribute("type", "search"), Attribute("placeholder", filter), Attribute("aria-label", filter)), Tag("output")),
                        Styled("div", "cards", all.Skip(ShownAtOnce)))),
            ];
    }

    public static XElement Card(string name, string kind, XElement picture, string note) => Styled(
        "article", "card", Tag("h3", Name(name), " ", Styled("small", "kind", kind)), picture, Styled("p", "note", note));
}
