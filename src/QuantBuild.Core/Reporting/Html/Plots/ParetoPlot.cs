using System.Xml.Linq;
using static QuantBuild.Reporting.Html.Markup;

namespace QuantBuild.Reporting.Html.Plots;

/// <param name="X">Along the width.</param>
/// <param name="Y">Along the height; large is up.</param>
/// <param name="Hover">Told when the pointer rests on it.</param>
internal sealed record PlotPoint(double X, double Y, bool OnFront, bool Chosen, bool Fits, string Hover);

/// <summary>What was tried, as points: a diamond ships, filled ones are on the front, hollow ones are not.</summary>
internal static class ParetoPlot
{
    private const double Height = 300;

    private const double Radius = 6;

    public static XElement Of(
        IReadOnlyList<PlotPoint> points, string titleX, string titleY, Func<double, string> textX, Func<double, string> textY, string label)
    {
        var across = Axis.Around(points.Select(point => point.X));
        var up = Axis.Around(points.Select(point => point.Y));
        return Styled(
            "div",
            "plot pareto",
            Styled("p", "axis-title", titleY),
            Styled("div", "frame", Svg.Picture(
                "area",
                Height,
                label,
                up.Ticks(5).SelectMany(tick => Grid(Y(up, tick), textY(tick))),
                across.Ticks(4).SelectMany(tick => Column(across.Percent(tick), textX(tick))),
                Svg.Line("axis", 0, Height, 100, Height),
                points.OrderBy(point => point.Chosen).ThenBy(point => point.OnFront).Select(point => Mark(point, across, up)))),
            Styled("p", "axis-title below", titleX),
            Legend());
    }

    private static double Y(Axis up, double value) => Height - (up.Percent(value) / 100 * Height);

    private static IEnumerable<XElement> Grid(double y, string text)
    {
        yield return Svg.Line("grid", 0, y, 100, y);
        XElement label = Svg.Text("tick", 0, y + 4, "end", text);
        label.Add(Attribute("dx", -8));
        yield return label;
    }

    private static IEnumerable<XElement> Column(double percent, string text)
    {
        yield return Svg.Line("axis", percent, Height, percent, Height + 5);
        yield return Svg.Text("tick", percent, Height + 20, "middle", text);
    }

    /// <summary>In a picture of its own, whose corner is the place of the point: shapes have no places in parts of a hundred.</summary>
    private static XElement Mark(PlotPoint point, Axis across, Axis up) => Tag(
        "svg",
        Class("mark"),
        Svg.Share("x", across.Percent(point.X)),
        Attribute("y", Y(up, point.Y)),
        Attribute("overflow", "visible"),
        Shape(point),
        Tag("circle", Class("target"), Attribute("r", 14), Tag("title", point.Hover)));

    private static XElement Shape(PlotPoint point) => point.Chosen
        ? Styled("path", "chosen", Attribute("d", "M0 -10L10 0L0 10L-10 0Z"))
        : Styled("circle", point.OnFront ? "front" : point.Fits ? "fits" : "misses", Attribute("r", point.OnFront ? Radius : Radius - 1));

    private static XElement Legend() => Styled(
        "ul",
        "legend",
        new[] { ("chosen", "ships"), ("front", "on the front"), ("fits", "keeps the limits"), ("misses", "does not keep them") }
            .Select(entry => Tag("li", Sample(entry.Item1), entry.Item2)));

    private static XElement Sample(string styles) => Tag(
        "svg",
        Class("sample"),
        Attribute("viewBox", "-12 -12 24 24"),
        Attribute("aria-hidden", "true"),
        styles == "chosen"
            ? Styled("path", styles, Attribute("d", "M0 -10L10 0L0 10L-10 0Z"))
            : Styled("circle", styles, Attribute("r", styles == "front" ? Radius + 2 : Radius + 1)));
}
