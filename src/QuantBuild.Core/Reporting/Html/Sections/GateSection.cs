using System.Xml.Linq;
using QuantBuild.Evaluation;
using QuantBuild.Reporting.Html.Plots;
using static QuantBuild.Reporting.Html.Markup;

namespace QuantBuild.Reporting.Html.Sections;

/// <summary>The measured drop, how sure it is, and the limits.</summary>
internal static class GateSection
{
    public static Section Of(QuantizationReport report)
    {
        Verdict verdict = Verdict.Of(report);
        return new Section("gate", "Gate", verdict.Sentence, report.Accuracy is { } accuracy ? Plot(accuracy) : []);
    }

    private static object[] Plot(AccuracyReport accuracy)
    {
        MetricText text = Figures.Metric(accuracy.Metric);
        string change = accuracy.LowerIsBetter == true ? "rise" : "drop";
        double? low = accuracy.DropInterval.ElementAtOrDefault(0);
        double? high = accuracy.DropInterval.ElementAtOrDefault(1);
        LimitLine[] limits = [.. Limits(accuracy, text)];
        string interval = low is { } from && high is { } to
            ? $"The {change} lies between {text.Interval(from)} and {text.Interval(to)} with a confidence of 95\u00A0%, by {Figures.Plural(accuracy.Samples, "sample", "samples")}."
            : $"{Figures.Plural(accuracy.Samples, "sample", "samples")} cannot tell how sure the {change} is.";
        return
        [
            IntervalPlot.Of(
                accuracy.Drop,
                $"{change} {text.Difference(accuracy.Drop)}",
                low,
                high,
                limits,
                text.Interval,
                $"{change} of the {text.Name}: {text.Difference(accuracy.Drop)}. {interval} {string.Join(" ", limits.Select(limit => limit.Text))}"),
            Styled("p", "note", interval),
        ];
    }

    /// <summary>Every limit as the drop at which it is reached.</summary>
    private static IEnumerable<LimitLine> Limits(AccuracyReport accuracy, MetricText text)
    {
        if (accuracy.MaxAccuracyDrop is { } drop)
            yield return new LimitLine(drop, $"MaxAccuracyDrop {text.Difference(drop)}");
        if (accuracy.MinAccuracy is { } minimum)
            yield return new LimitLine(accuracy.Float - minimum, $"MinAccuracy {text.Value(minimum)}");
        if (accuracy.MaxError is { } error)
            yield return new LimitLine(error - accuracy.Float, $"MaxError {text.Value(error)}");
    }
}
