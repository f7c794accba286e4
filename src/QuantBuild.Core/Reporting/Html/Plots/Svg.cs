using System.Xml.Linq;
using static QuantBuild.Reporting.Html.Markup;

namespace QuantBuild.Reporting.Html.Plots;

/// <summary>Parts of pictures whose places along an edge are parts of a hundred, so that they fit any width while text and lines keep their size.</summary>
internal static class Svg
{
    /// <param name="label">What the picture shows, for those who hear the page.</param>
    public static XElement Picture(string styles, double height, string label, params object?[] content) => Styled(
        "svg", styles, Attribute("role", "img"), Attribute("height", height), Attribute("width", "100%"), Attribute("aria-label", label), content);

    /// <summary>A picture that is stretched to the size of its place, for bars without texts.</summary>
    public static XElement Stretched(string styles, double width, double height, string? label, params object?[] content) => Styled(
        "svg",
        styles,
        Attribute("viewBox", $"0 0 {Number(width)} {Number(height)}"),
        Attribute("preserveAspectRatio", "none"),
        label is null ? Attribute("aria-hidden", "true") : Attribute("role", "img"),
        label is null ? null : Attribute("aria-label", label),
        content);

    public static XElement Line(string styles, double percentX1, double y1, double percentX2, double y2) => Styled(
        "line", styles, Share("x1", percentX1), Attribute("y1", y1), Share("x2", percentX2), Attribute("y2", y2));

    /// <param name="x">Of a hundred, within the width.</param>
    public static XElement Text(string styles, double x, double y, string anchor, string text) => Styled(
        "text", styles, Share("x", x), Attribute("y", y), Attribute("text-anchor", anchor), text);

    /// <summary>Where a text is held, so that it does not leave the picture.</summary>
    /// <param name="margin">Half of what the text may take of the width, in per cent.</param>
    public static string AnchorAt(double percent, double margin = 28) => percent < margin ? "start" : percent > 100 - margin ? "end" : "middle";

    /// <summary>A bar whose length is a share of its place.</summary>
    public static XElement Bar(double share, string styles = "") => Stretched(
        $"bar {styles}".TrimEnd(), 100, 1, null, Tag("rect", Attribute("width", Math.Clamp(double.IsFinite(share) ? share * 100 : 0, 0, 100)), Attribute("height", 1)));

    public static XAttribute Share(string name, double percent) => Attribute(name, Number(percent) + "%");
}
