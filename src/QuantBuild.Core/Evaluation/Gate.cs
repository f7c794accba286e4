using System.Globalization;
using QuantBuild.Diagnostics;
using QuantBuild.Settings;

namespace QuantBuild.Evaluation;

/// <summary>Holds a comparison against the user's limits.</summary>
internal static class Gate
{
    /// <summary>Differences below this come from the conversion of decimal limits to binary.</summary>
    private const double Rounding = 1e-9;

    /// <summary>Eight bits cost a tenth of this where nothing is wrong: five points of top-1, a cosine of 0.95.</summary>
    private const double GrossDrop = 0.05;

    /// <summary>Standard errors by which a model that knows something is above one that guesses.</summary>
    private const double Deviations = 3;

    /// <summary>False when the model must not ship.</summary>
    public static bool Passes(QuantizationSettings settings, AccuracyComparison? comparison) =>
        comparison is null || settings.Gate != GateMode.Error || (!ExceedsDrop(settings, comparison) && !FallsBelowMinimum(settings, comparison));

    /// <param name="explanation">Behind the message: interval, worst nodes, where the rejected file is.</param>
    public static IEnumerable<Diagnostic> Judge(QuantizationSettings settings, AccuracyComparison? comparison, string explanation, DiagnosticOrigin origin)
    {
        if (comparison is null || settings.Gate == GateMode.Off)
            yield break;
        MetricText text = new(comparison.Metric);
        if (IsNoBetterThanChance(comparison))
            yield return DiagnosticCatalogue.NoBetterThanChance.At(
                origin, origin.Model, Math.Round(comparison.Float * comparison.SampleCount), comparison.SampleCount, comparison.ClassCount);
        if (settings.MaxAccuracyDrop is null && settings.MinAccuracy is null && comparison.Drop > GrossDrop)
            yield return DiagnosticCatalogue.GrossLoss.At(
                origin, origin.Model, text.Name, text.Value(comparison.Float), text.Value(comparison.Quantized), explanation);
        if (ExceedsDrop(settings, comparison))
            yield return Severe(DiagnosticCatalogue.AccuracyDropExceeded, "MaxAccuracyDrop", settings.MaxAccuracyDrop!.Value, text.Difference);
        else if (settings.MaxAccuracyDrop is { } limit && comparison.DropHigh > limit + Rounding)
            yield return DiagnosticCatalogue.GateUndecided.At(
                origin, origin.Model, text.Difference(comparison.Drop), text.Difference(limit), text.Interval(comparison.DropHigh), comparison.SampleCount);
        if (FallsBelowMinimum(settings, comparison))
            yield return Severe(DiagnosticCatalogue.AccuracyBelowMinimum, "MinAccuracy", settings.MinAccuracy!.Value, text.Value);

        // The float model's own fault is none of the nodes'.
        string Reason(string setting) => setting == "MinAccuracy" && comparison.Float < settings.MinAccuracy!.Value - Rounding
            ? "The float model does not reach it either, so that no quantization can. Lower MinAccuracy, set MaxAccuracyDrop instead, or check the labels and that the samples are prepared as in training."
            : explanation;

        Diagnostic Severe(DiagnosticDescriptor descriptor, string setting, double limit, Func<double, string> limitText)
        {
            DiagnosticDescriptor inForce = settings.Gate == GateMode.Warning ? descriptor with { Severity = DiagnosticSeverity.Warning } : descriptor;
            return inForce.At(
                origin with { Setting = setting },
                origin.Model,
                text.Name,
                text.Value(comparison.Float),
                text.Value(comparison.Quantized),
                text.Difference(comparison.Drop),
                limitText(limit),
                Reason(setting));
        }
    }

    /// <remarks>Guessing one of c classes is right with the probability p = 1/c, give or take √(p(1 − p)/n).</remarks>
    private static bool IsNoBetterThanChance(AccuracyComparison comparison)
    {
        if (comparison.ClassCount < 2)
            return false;
        double chance = 1.0 / comparison.ClassCount;
        return comparison.Float < chance + (Deviations * Math.Sqrt(chance * (1 - chance) / comparison.SampleCount));
    }

    private static bool ExceedsDrop(QuantizationSettings settings, AccuracyComparison comparison) =>
        settings.MaxAccuracyDrop is { } limit && comparison.Drop > limit + Rounding;

    private static bool FallsBelowMinimum(QuantizationSettings settings, AccuracyComparison comparison) =>
        settings.MinAccuracy is { } limit && comparison.Quantized < limit - Rounding;
}

/// <summary>A metric in the words and units of people.</summary>
internal sealed class MetricText(AccuracyMetric metric)
{
    public string Name => metric == AccuracyMetric.Top1 ? "top-1 accuracy" : "cosine similarity to the float outputs";

    public string Value(double value) => metric == AccuracyMetric.Top1
        ? string.Create(CultureInfo.InvariantCulture, $"{value * 100:0.00#} %")
        : string.Create(CultureInfo.InvariantCulture, $"{value:0.00000#}");

    /// <summary>An end of a confidence interval, which is no sharper than two places.</summary>
    public string Interval(double value) => metric == AccuracyMetric.Top1
        ? string.Create(CultureInfo.InvariantCulture, $"{value * 100:0.00} points")
        : string.Create(CultureInfo.InvariantCulture, $"{value:0.00000#}");

    /// <summary>Top-1 in percentage points.</summary>
    public string Difference(double value) => metric == AccuracyMetric.Top1
        ? string.Create(CultureInfo.InvariantCulture, $"{value * 100:0.00#} points")
        : string.Create(CultureInfo.InvariantCulture, $"{value:0.00000#}");
}
