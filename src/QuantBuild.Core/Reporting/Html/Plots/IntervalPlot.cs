using System.Xml.Linq;
using static QuantBuild.Reporting.Html.Markup;

namespace QuantBuild.Reporting.Html.Plots;

/// <param name="Text">What stands at the line.</param>
internal sealed record LimitLine(double Value, string Text);

/// <summary>A measured drop with its confidence interval, and the limits that it must not cross: each text in a row of its own.</summary>
internal static class IntervalPlot
{
    private const double RowHeight = 24;

    private const double IntervalRow = 46;

    /// <param name="low">Null: it cannot be told.</param>
    /// <param name="high">Null: it cannot be told.</param>
    public static XElement Of(double drop, string dropText, double? low, double? high, IReadOnlyList<LimitLine> limits, Func<double, string> tickText, string label)
    {
        var axis = Axis.Around([0, drop, low ?? drop, high ?? drop, .. limits.Select(limit => limit.Value)]);
        double top = RowHeight * limits.Count;
        double middle = top + IntervalRow;
        double bottom = middle + 22;
        return Styled("div", "plot interval", Svg.Picture(
            "area",
            bottom + 26,
            label,
            Forbidden(axis, limits, bottom),
            Svg.Line("axis", 0, bottom, 100, bottom),
            axis.Ticks(3).Select(tick => new[]
            {
                Svg.Line("axis", axis.Percent(tick), bottom, axis.Percent(tick), bottom + 5),
                Svg.Text("tick", axis.Percent(tick), bottom + 20, Svg.AnchorAt(axis.Percent(tick), 12), tickText(tick)),
            }),
            Svg.Line("zero", axis.Percent(0), top, axis.Percent(0), bottom),
            limits.Select((limit, i) => Limit(axis, limit, (i * RowHeight) + 14, bottom)),
            Svg.Line(low is null || high is null ? "whisker open" : "whisker", low is { } l ? axis.Percent(l) : 0, middle, high is { } h ? axis.Percent(h) : 100, middle),
            low is null ? null : End(axis.Percent(low.Value), middle),
            high is null ? null : End(axis.Percent(high.Value), middle),
            Styled("circle", "measured", Svg.Share("cx", axis.Percent(drop)), Attribute("cy", middle), Attribute("r", 7)),
            Svg.Text("value", axis.Percent(drop), middle - 16, Svg.AnchorAt(axis.Percent(drop)), dropText)));
    }

    private static XElement? Forbidden(Axis axis, IReadOnlyList<LimitLine> limits, double bottom)
    {
        if (limits.Count == 0)
            return null;
        double from = axis.Percent(limits.Min(limit => limit.Value));
        return Styled("rect", "forbidden", Svg.Share("x", from), Attribute("y", 0), Svg.Share("width", 100 - from), Attribute("height", bottom));
    }

    private static IEnumerable<XElement> Limit(Axis axis, LimitLine limit, double textY, double bottom)
    {
        double at = axis.Percent(limit.Value);
        string anchor = at > 50 ? "end" : "start";
        yield return Svg.Line("limit", at, textY - 12, at, bottom);
        XElement text = Svg.Text("limit-text", at, textY, anchor, limit.Text);
        text.Add(Attribute("dx", anchor == "end" ? -6 : 6));
        yield return text;
    }

    private static XElement End(double percent, double y) => Svg.Line("whisker", percent, y - 7, percent, y + 7);
}
