using System.Globalization;
using System.Text;
using System.Xml.Linq;
using static QuantBuild.Reporting.Html.Markup;

namespace QuantBuild.Reporting.Html.Plots;

/// <summary>Counts as bars whose height is the square root of the count, so that the few values far out are seen beside the many in the middle.</summary>
internal static class HistogramPlot
{
    private const double Width = 256;

    private const double Height = 80;

    /// <param name="outline">A second histogram of the same bins, drawn as a line.</param>
    /// <param name="range">What is kept; values outside are cut to it. Null: not shown.</param>
    public static XElement Of(HistogramReport bars, HistogramReport? outline, (double Low, double High)? range, string label)
    {
        double[] ends = range is { } kept ? [bars.From, bars.To, kept.Low, kept.High] : [bars.From, bars.To];
        var axis = Axis.Around(ends, margin: 0);
        double highest = bars.Counts.Concat(outline?.Counts ?? []).DefaultIfEmpty(0).Max();
        return Tag(
            "figure",
            Class("histogram"),
            Svg.Stretched(
                "area",
                Width,
                Height,
                label,
                range is { } inside ? Inside(axis, inside) : null,
                Styled("path", "bars", Attribute("d", Outline(bars, axis, highest, isClosed: true))),
                outline is null ? null : Styled("path", "outline", Attribute("d", Outline(outline, axis, highest, isClosed: false))),
                range is { } shown ? new[] { Edge(axis, shown.Low), Edge(axis, shown.High) } : null),
            Styled("p", "ends", Tag("span", Figures.Value(axis.Low)), Tag("span", Figures.Value(axis.High))));
    }

    private static XElement Inside(Axis axis, (double Low, double High) range) => Styled(
        "rect",
        "kept",
        Attribute("x", X(axis, range.Low)),
        Attribute("y", 0),
        Attribute("width", Math.Max(0, X(axis, range.High) - X(axis, range.Low))),
        Attribute("height", Height));

    private static XElement Edge(Axis axis, double value) => Styled(
        "line", "edge", Attribute("x1", X(axis, value)), Attribute("x2", X(axis, value)), Attribute("y1", 0), Attribute("y2", Height));

    /// <summary>Steps over the bins, from the ground up and back.</summary>
    private static string Outline(HistogramReport histogram, Axis axis, double highest, bool isClosed)
    {
        double bin = (histogram.To - histogram.From) / Math.Max(1, histogram.Counts.Count);
        var path = new StringBuilder($"M{Number(X(axis, histogram.From))} {Number(Height)}");
        for (int i = 0; i < histogram.Counts.Count; i++)
        {
            double share = highest > 0 ? Math.Sqrt(Math.Max(0, histogram.Counts[i]) / highest) : 0;
            // What is there at all is seen.
            double height = histogram.Counts[i] > 0 ? Math.Max(1.5, share * (Height - 4)) : 0;
            path.Append(CultureInfo.InvariantCulture, $"V{Number(Height - height)}H{Number(X(axis, histogram.From + ((i + 1) * bin)))}");
        }
        path.Append(CultureInfo.InvariantCulture, $"V{Number(Height)}");
        return isClosed ? path.Append('Z').ToString() : path.ToString();
    }

    private static double X(Axis axis, double value) => axis.Percent(value) / 100 * Width;
}
