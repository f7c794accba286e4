using System.Globalization;
using QuantBuild.Diagnostics;
using QuantBuild.Settings;

namespace QuantBuild.Evaluation;

/// <summary>Holds a comparison against the user's limits.</summary>
internal static class Gate
{
    /// <summary>Differences below this come from the conversion of decimal limits to binary.</summary>
    public const double Rounding = 1e-9;

    /// <summary>Standard errors by which a model that knows something is above one that guesses.</summary>
    private const double Deviations = 3;

    /// <summary>False when the model must not ship.</summary>
    public static bool Passes(QuantizationSettings settings, AccuracyComparison? comparison) =>
        comparison is null || settings.Gate != GateMode.Error
        || (!ExceedsDrop(settings, comparison) && !FallsBelowMinimum(settings, comparison) && !ExceedsError(settings, comparison)
            && !SliceGate.Failing(settings, comparison).Any());

    /// <summary>True when the float model itself misses a limit, so that no form of it can keep that.</summary>
    public static bool FloatModelFails(QuantizationSettings settings, AccuracyComparison comparison) =>
        comparison.Float < settings.MinAccuracy - Rounding || comparison.Float > settings.MaxError + Rounding;

    /// <summary>True when a limit for all samples is missed that the float model keeps.</summary>
    public static bool BlamesNodes(QuantizationSettings settings, AccuracyComparison comparison) =>
        !FloatModelFails(settings, comparison)
        && (ExceedsDrop(settings, comparison) || FallsBelowMinimum(settings, comparison) || ExceedsError(settings, comparison));

    /// <summary>By how much the limits of accuracy are missed, in the metric's own unit; 0 or less when all are kept, negative infinity when there are none.</summary>
    public static double Excess(QuantizationSettings settings, AccuracyComparison? comparison)
    {
        if (comparison is null)
            return double.NegativeInfinity;
        double excess = Math.Max(
            settings.MaxAccuracyDrop is { } most ? comparison.Drop - most : double.NegativeInfinity,
            Math.Max(
                settings.MinAccuracy is { } least ? least - comparison.Quantized : double.NegativeInfinity,
                settings.MaxError is { } largest ? comparison.Quantized - largest : double.NegativeInfinity));
        foreach (SliceComparison slice in SliceGate.Failing(settings, comparison))
            excess = Math.Max(excess, slice.Drop - settings.MaxAccuracyDrop!.Value);
        return excess <= Rounding ? Math.Min(excess, 0) : excess;
    }

    /// <param name="explanation">Behind the message: interval, worst nodes, where the rejected file is.</param>
    public static IEnumerable<Diagnostic> Judge(QuantizationSettings settings, AccuracyComparison? comparison, string explanation, DiagnosticOrigin origin)
    {
        if (comparison is null || settings.Gate == GateMode.Off)
            yield break;
        MetricText text = comparison.Text;
        (string went, string change) = comparison.IsLowerBetter ? ("rose", "rise") : ("fell", "drop");
        if (IsNoBetterThanChance(comparison))
            yield return DiagnosticCatalogue.NoBetterThanChance.At(
                origin, origin.Model, Math.Round(comparison.Float * comparison.SampleCount), comparison.SampleCount, comparison.ClassCount);
        if (settings is { MaxAccuracyDrop: null, MinAccuracy: null, MaxError: null } && comparison.Drop > GrossDrop(comparison))
            yield return DiagnosticCatalogue.GrossLoss.At(
                origin, origin.Model, text.Name, text.Value(comparison.Float), text.Value(comparison.Quantized), explanation, went);
        if (ExceedsDrop(settings, comparison))
            yield return Severe(DiagnosticCatalogue.AccuracyDropExceeded, "MaxAccuracyDrop", settings.MaxAccuracyDrop!.Value, text.Difference);
        else if (settings.MaxAccuracyDrop is > 0 and { } limit && comparison.DropHigh > limit + Rounding)
            yield return DiagnosticCatalogue.GateUndecided.At(
                origin, origin.Model, text.Difference(comparison.Drop), text.Difference(limit), text.Interval(comparison.DropHigh), comparison.SampleCount);
        if (FallsBelowMinimum(settings, comparison))
            yield return Severe(DiagnosticCatalogue.AccuracyBelowMinimum, "MinAccuracy", settings.MinAccuracy!.Value, text.Value);
        if (ExceedsError(settings, comparison))
            yield return Severe(DiagnosticCatalogue.ErrorAboveMaximum, "MaxError", settings.MaxError!.Value, text.Value);
        foreach (Diagnostic ofSlices in SliceGate.Judge(settings, comparison, origin))
            yield return ofSlices;

        // The float model's own fault is none of the nodes'.
        string Reason(string setting) => setting switch
        {
            "MinAccuracy" when comparison.Float < settings.MinAccuracy!.Value - Rounding => FloatFails("Lower MinAccuracy"),
            "MaxError" when comparison.Float > settings.MaxError!.Value + Rounding => FloatFails("Raise MaxError"),
            _ => explanation,
        };

        string FloatFails(string remedy) =>
            $"The float model does not reach it either, so that no quantization can. {remedy}, set MaxAccuracyDrop instead, or check the labels and that the samples are prepared as in training.";

        Diagnostic Severe(DiagnosticDescriptor descriptor, string setting, double limit, Func<double, string> limitText) => InForce(descriptor, settings).At(
            origin with { Setting = setting },
            origin.Model,
            text.Name,
            text.Value(comparison.Float),
            text.Value(comparison.Quantized),
            text.Difference(comparison.Drop),
            limitText(limit),
            Reason(setting),
            went,
            change);
    }

    /// <summary>With the severity that the project wants.</summary>
    public static DiagnosticDescriptor InForce(DiagnosticDescriptor descriptor, QuantizationSettings settings) =>
        settings.Gate == GateMode.Warning ? descriptor with { Severity = DiagnosticSeverity.Warning } : descriptor;

    private static double GrossDrop(AccuracyComparison comparison)
    {
        MetricTraits traits = MetricTraits.Of(comparison.Metric);
        return traits.IsGrossRelative ? traits.GrossDrop * Math.Abs(comparison.Float) : traits.GrossDrop;
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

    private static bool ExceedsError(QuantizationSettings settings, AccuracyComparison comparison) =>
        settings.MaxError is { } limit && comparison.Quantized > limit + Rounding;
}
