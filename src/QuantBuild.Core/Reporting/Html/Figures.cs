using System.Globalization;
using QuantBuild.Evaluation;
using QuantBuild.Settings;

namespace QuantBuild.Reporting.Html;

/// <summary>Numbers as people read them.</summary>
internal static class Figures
{
    /// <summary>Stands where nothing was measured.</summary>
    public const string None = "–";

    private const string Space = "\u00A0";

    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    public static string Bytes(long bytes) => Math.Abs((double)bytes) switch
    {
        < 1024 => string.Create(Culture, $"{bytes}{Space}B"),
        < 1024 * 1024 => string.Create(Culture, $"{bytes / 1024.0:0.0}{Space}KiB"),
        < 1024.0 * 1024 * 1024 => string.Create(Culture, $"{bytes / 1048576.0:0.00}{Space}MiB"),
        _ => string.Create(Culture, $"{bytes / 1073741824.0:0.00}{Space}GiB"),
    };

    public static string Decibels(double? decibels) => decibels is { } value ? string.Create(Culture, $"{value:0.0}{Space}dB") : None;

    public static string Percent(double share) => string.Create(Culture, $"{share * 100:0.#}{Space}%");

    public static string Count(long count) => count.ToString("#,0", Culture).Replace(',', '\u202F');

    public static string Time(double milliseconds) => milliseconds switch
    {
        < 10 => string.Create(Culture, $"{milliseconds:0.0}{Space}ms"),
        < 1000 => string.Create(Culture, $"{milliseconds:0}{Space}ms"),
        < 120_000 => string.Create(Culture, $"{milliseconds / 1000:0.0}{Space}s"),
        _ => string.Create(Culture, $"{milliseconds / 60_000:0.0}{Space}min"),
    };

    /// <summary>A value of a tensor, with the digits that say something.</summary>
    public static string Value(double value) => value.ToString("G4", Culture);

    public static string Plural(long count, string one, string many) => $"{Count(count)}{Space}{(count == 1 ? one : many)}";

    /// <summary>The words of a metric; of a name that is none, those of a metric of the user.</summary>
    public static MetricText Metric(string name) =>
        MetricName.RankOf(name) is not null || Enum.GetNames<AccuracyMetric>().Contains(name, StringComparer.Ordinal)
            ? MetricText.OfName(name)
            : new MetricText(AccuracyMetric.Custom, 1, name);
}
