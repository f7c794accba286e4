using System.Xml.Linq;
using static QuantBuild.Reporting.Html.Markup;

namespace QuantBuild.Reporting.Html.Plots;

/// <param name="Text">The value as people read it.</param>
internal sealed record BarPart(string Name, double Value, string Text);

/// <summary>Parts of a whole, side by side, with what each is beneath.</summary>
internal static class StackedBar
{
    private const int Colours = 8;

    public static XElement Of(string label, IEnumerable<BarPart> parts)
    {
        BarPart[] shown = [.. parts.Where(part => part.Value > 0 && double.IsFinite(part.Value))];
        double whole = shown.Sum(part => part.Value);
        double from = 0;
        var segments = new List<XElement>();
        for (int i = 0; i < shown.Length; i++)
        {
            double width = shown[i].Value / whole * 100;
            segments.Add(Styled(
                "rect", Colour(i), Attribute("x", from), Attribute("y", 0), Attribute("width", width), Attribute("height", 1),
                Tag("title", $"{shown[i].Name}: {shown[i].Text}")));
            from += width;
        }
        return Styled(
            "div",
            "stacked",
            Svg.Stretched("whole", 100, 1, $"{label}: {string.Join(", ", shown.Select(part => $"{part.Name} {part.Text}"))}", segments),
            Styled("ul", "legend", shown.Select((part, i) => Tag(
                "li", Styled("span", $"chip {Colour(i)}"), Tag("span", part.Name), " ", Tag("b", part.Text)))));
    }

    private static string Colour(int i) => $"colour{i % Colours}";
}
