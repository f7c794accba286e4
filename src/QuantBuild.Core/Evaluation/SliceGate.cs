using QuantBuild.Diagnostics;
using QuantBuild.Settings;

namespace QuantBuild.Evaluation;

/// <summary>Holds every slice against <c>MaxAccuracyDrop</c>.</summary>
internal static class SliceGate
{
    /// <summary>In a smaller slice one sample is more than a percentage point, and its drop alone says little.</summary>
    public const int EnoughSamples = 100;

    private const int MostNamed = 5;

    /// <summary>The slices for which the limit is broken, worst first: by their drop when they have enough samples, otherwise when the whole interval is above.</summary>
    public static IEnumerable<SliceComparison> Failing(QuantizationSettings settings, AccuracyComparison comparison) =>
        Above(settings, comparison).Where(slice => IsSure(slice, settings.MaxAccuracyDrop!.Value));

    public static IEnumerable<Diagnostic> Judge(QuantizationSettings settings, AccuracyComparison comparison, DiagnosticOrigin origin)
    {
        if (settings.MaxAccuracyDrop is not { } limit)
            yield break;
        MetricText text = comparison.Text;
        DiagnosticOrigin atLimit = origin with { Setting = nameof(QuantizationSettings.MaxAccuracyDrop) };
        SliceComparison[] failing = [.. Failing(settings, comparison)];
        SliceComparison[] unsure = [.. Above(settings, comparison).Except(failing)];
        if (failing.Length > 0)
            yield return Gate.InForce(DiagnosticCatalogue.SliceDropExceeded, settings).At(
                atLimit, origin.Model, text.Name, failing.Length, text.Difference(limit), Names(failing));
        if (unsure.Length > 0)
            yield return DiagnosticCatalogue.SliceUndecided.At(atLimit, origin.Model, text.Name, unsure.Length, text.Difference(limit), Names(unsure));

        string Names(SliceComparison[] slices) =>
            string.Join(", ", slices.Take(MostNamed).Select(text.Of)) + (slices.Length > MostNamed ? $" and {slices.Length - MostNamed} more" : "");
    }

    private static IEnumerable<SliceComparison> Above(QuantizationSettings settings, AccuracyComparison comparison) =>
        settings.MaxAccuracyDrop is { } limit
            ? comparison.Slices.Where(slice => slice.IsMeasured && slice.Drop > limit + Gate.Rounding).OrderByDescending(slice => slice.Drop)
            : [];

    private static bool IsSure(SliceComparison slice, double limit) => slice.SampleCount >= EnoughSamples || slice.DropLow > limit + Gate.Rounding;
}
