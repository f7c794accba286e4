using QuantBuild.Calibration;
using QuantBuild.Diagnostics;
using QuantBuild.Numerics;

namespace QuantBuild.Inspection;

/// <summary>Tells whether the activations of the last quarter of the calibration samples are larger than those before: samples are then sorted, or
/// too few to show what comes.</summary>
internal static class RangeDrift
{
    /// <summary>Growth of the bulk that chance does not make: over a hundred samples whose sizes differ like e to the power of a normal variate of
    /// deviation 0.6, none of some hundred trials reached 20 %. A last quarter of twice the size gives 35 %.</summary>
    private const double Growth = 0.25;

    /// <summary>Share of the activations that have to grow: what is true of the data is seen in most layers.</summary>
    private const double Share = 0.5;

    /// <summary>With fewer samples everything moves, and another warning says so.</summary>
    private const long FewestSamples = 100;

    /// <param name="path">Of the calibration data, for the message.</param>
    public static IEnumerable<Diagnostic> Judge(CalibrationTable table, string path, DiagnosticOrigin origin)
    {
        if (table.SampleCount < FewestSamples)
            yield break;
        (string Name, double Early, double Late)[] seen =
        [
            .. from pair in table.Statistics
               where pair.Value is { NotFinite: null, EarlierBulk: { IsEmpty: false } }
               group pair by pair.Value into one
               select (one.Select(pair => pair.Key).Min(StringComparer.Ordinal)!, Width(one.Key.EarlierBulk!.Value), Width(one.Key.Bulk)),
        ];
        (string Name, double Early, double Late)[] grown = [.. seen.Where(value => value.Late > value.Early * (1 + Growth))];
        if (grown.Length == 0 || grown.Length <= seen.Length * Share)
            yield break;
        (string name, double early, double late) = grown.OrderBy(value => value.Name, StringComparer.Ordinal).MaxBy(value => value.Late / value.Early);
        yield return DiagnosticCatalogue.RangesStillGrow.At(
            origin with { Setting = "CalibrationData" }, path, grown.Length, seen.Length, Percent.Of(Growth), table.SampleCount, name, $"{early:G3}", $"{late:G3}");
    }

    /// <summary>Of the range with zero in it, as integers have it.</summary>
    private static double Width(FloatRange bulk) => Math.Max(bulk.Maximum, 0.0) - Math.Min(bulk.Minimum, 0.0);
}
