using System.Globalization;
using System.Text.RegularExpressions;

namespace QuantBuild.Settings;

/// <summary>A metric by its name; TopN has its number in it.</summary>
internal sealed partial record MetricName() : Choice(Names, [])
{
    private const int LargestRank = 1000;

    private static readonly string[] Names =
    [
        "Auto", "Top1", "Top5", "F1", "Auc", "MeanAbsoluteError", "MeanSquaredError", "Psnr", "IntersectionOverUnion", "MeanAveragePrecision",
        "CosineSimilarity", "SignalToNoise", "KullbackLeibler", "Perplexity", "WordErrorRate", "Agreement", "Custom",
    ];

    public override string Allowed => base.Allowed + $"; TopN for any N from 2 to {LargestRank}";

    public override SettingReading Read(string text) =>
        RankOf(text) is { } rank ? SettingReading.Valid($"Top{rank.ToString(CultureInfo.InvariantCulture)}") : base.Read(text);

    /// <param name="name">As <see cref="Read"/> gives it.</param>
    public static AccuracyMetric MetricOf(string name) =>
        RankOf(name) is > 1 ? AccuracyMetric.TopN : Enum.TryParse(name, out AccuracyMetric metric) ? metric : AccuracyMetric.Custom;

    /// <summary>Among how many of the largest values the label has to be; null for a metric that asks nothing of the kind.</summary>
    public static int? RankOf(string name) =>
        TopPattern().Match(name) is { Success: true } match && int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) is var rank and >= 1 and <= LargestRank
            ? rank
            : null;

    /// <summary>The name that settings and reports have.</summary>
    public static string Of(AccuracyMetric metric, int rank) => metric == AccuracyMetric.TopN ? string.Create(CultureInfo.InvariantCulture, $"Top{rank}") : metric.ToString();

    [GeneratedRegex("^Top([1-9][0-9]{0,3})$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TopPattern();
}
