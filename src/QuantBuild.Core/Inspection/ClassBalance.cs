using System.Globalization;

namespace QuantBuild.Inspection;

/// <summary>Finds classes that a set has hardly any samples of.</summary>
internal static class ClassBalance
{
    /// <summary>A class with less than this part of an even share counts as rare.</summary>
    private const double RarePart = 0.1;

    /// <summary>Samples per class from which on chance leaves no class so rare: of 20 that are expected, fewer than 2 come once in 20 million draws.</summary>
    private const int FewestPerClass = 20;

    /// <summary>Rare classes that would hold a smaller part of an even set are not told: an output may have places that no label uses.</summary>
    private const double SmallestPart = 0.01;

    private const int MostNamed = 5;

    /// <param name="counts">Label → samples.</param>
    /// <returns>What is uneven, to follow the name of the set; null when nothing is.</returns>
    public static string? Describe(IReadOnlyDictionary<long, long> counts, int classCount)
    {
        long total = counts.Values.Sum();
        double share = (double)total / classCount;
        if (share < FewestPerClass)
            return null;
        (int Class, long Count)[] rare =
        [
            .. Enumerable.Range(0, classCount).Select(label => (label, counts.GetValueOrDefault(label)))
                .Where(one => one.Item2 < RarePart * share),
        ];
        if (rare.Length < Math.Max(1, SmallestPart * classCount))
            return null;
        string named = string.Join(", ", rare.OrderBy(one => one.Count).ThenBy(one => one.Class).Take(MostNamed)
            .Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Class} ({(one.Count == 0 ? "none" : one.Count)})")));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{rare.Length} of {classCount} classes have less than a tenth of an even share of the {total} samples, which is {share:0}: {named}{(rare.Length > MostNamed ? ", …" : "")}");
    }
}
