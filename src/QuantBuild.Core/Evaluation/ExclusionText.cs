using System.Globalization;
using QuantBuild.Settings;

namespace QuantBuild.Evaluation;

/// <summary>Tells what keeping nodes in float was measured to give, and the setting to paste.</summary>
/// <param name="settings">With the limits that hold.</param>
/// <param name="bytes">Of the model that was refused.</param>
internal sealed class ExclusionText(QuantizationSettings settings, ExclusionFindings findings, long bytes)
{
    /// <summary>Ranges from fewer samples miss too much.</summary>
    private const int FewSamples = 100;

    private const double Kilo = 1e3;

    private const double Mega = 1e6;

    public string Write()
    {
        if (findings.Tried.Count == 0)
            return NextIdea();
        if (findings.Accuracy is not { } accuracy || findings.Together.Count == 0)
            return $"Keeping one of {Names(findings.Tried.Select(tried => tried.Node), "or")} in float gives nothing back on held-out calibration samples: "
                + $"no single node is to blame. {NextIdea()}";
        MetricText text = accuracy.Text;
        double excess = Gate.Excess(settings, accuracy);
        string measured = $"{text.Name} {text.Value(accuracy.Quantized)}, a {(accuracy.IsLowerBetter ? "rise" : "drop")} of {text.Difference(accuracy.Drop)}"
            + $"{Limit(text)}, {Size(findings.Bytes)} instead of {Size(bytes)}";
        string kept = $"Keeping {Names(findings.Together, "and")} in float";
        string line = ShownName.Attribute("ExcludedNodes", settings.ExcludedNodes.Concat(findings.Together).Distinct(StringComparer.Ordinal));
        if (!(excess <= 0))
            return $"{kept} ({line}) was measured and is not enough: {measured}; {text.Difference(excess)} too much. {NextIdea()}";
        return $"{kept} was measured: {measured}. {Footprint()}To do so, write on the item: {line}";
    }

    /// <summary>For the log.</summary>
    public static string Note(ExclusionFindings findings, TimeSpan elapsed) => string.Create(
        CultureInfo.InvariantCulture,
        $"single nodes in float, on held-out samples: {(findings.Tried.Count == 0 ? "none can be tried" : Gains(findings))}; {elapsed.TotalSeconds:0.0} s");

    private static string Gains(ExclusionFindings findings) => string.Join(", ", findings.Tried.Select(tried =>
        string.Create(CultureInfo.InvariantCulture, $"'{ShownName.Of(tried.Node)}' {tried.GainDecibels:+0.00;-0.00;0.00} dB")));

    private string Footprint()
    {
        if (settings.MaxModelSize is { } most && findings.Bytes > most)
            return string.Create(CultureInfo.InvariantCulture, $"That is more than MaxModelSize allows ({most} bytes), which would have to be raised. ");
        return settings.MaxSlowdown is { } slowest && findings.Cost > slowest + Gate.Rounding
            ? string.Create(
                CultureInfo.InvariantCulture, $"Its time, {findings.Cost:0.###} of the float model's, is more than MaxSlowdown allows ({slowest:0.###}), which would have to be raised. ")
            : "";
    }

    private string Limit(MetricText text) => settings switch
    {
        { MaxAccuracyDrop: { } drop } => $" (MaxAccuracyDrop allows {text.Difference(drop)})",
        { MinAccuracy: { } least } => $" (MinAccuracy demands {text.Value(least)})",
        { MaxError: { } most } => $" (MaxError allows {text.Value(most)})",
        _ => "",
    };

    /// <summary>What is the most likely to help and has not been done.</summary>
    private string NextIdea()
    {
        bool rounds = settings.Scheme == QuantizationScheme.Static || (settings.Scheme == QuantizationScheme.WeightOnly && settings.LowBits.IsOn);
        if (rounds && findings.CalibrationSamples < FewSamples)
            return string.Create(
                CultureInfo.InvariantCulture, $"What to try next: more calibration data; there are {findings.CalibrationSamples} samples, and {FewSamples} and more tell ranges better.");
        if (settings.Search is null && settings.Written.Contains("Scheme", StringComparer.Ordinal))
            return "What to try next: leave Scheme at Auto, which searches the form of every layer within the limits, for as long as TimeBudget allows.";
        if (rounds && settings.BlockReconstruction != StepMode.True)
            return "What to try next: BlockReconstruction=true, which rounds the weights once more, block after block.";
        return settings.LowBits.IsOn
            ? "What to try next: a WeightType with more bits."
            : "What to try next: calibration data that is more like what the program sees, or Scheme=Float16, which is nearly exact.";
    }

    private static string Names(IEnumerable<string> names, string word)
    {
        string[] shown = [.. names.Select(name => $"'{ShownName.Of(name)}'")];
        return shown.Length == 1 ? shown[0] : $"{string.Join(", ", shown[..^1])} {word} {shown[^1]}";
    }

    private static string Size(long bytes) => bytes < Mega
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / Kilo:0.0} KB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / Mega:0.0} MB");
}
