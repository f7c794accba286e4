namespace QuantBuild.Search;

/// <summary>Of several candidates those that are worth choosing from.</summary>
internal static class ParetoFront
{
    /// <summary>
    /// Those that no other one is at least as small, as fast and as accurate as, and better in one of the three. Accuracy is the drop where
    /// all have one; the noise otherwise, and between equal drops. Of equal ones the first stays.
    /// </summary>
    /// <returns>In the order of bytes.</returns>
    public static IReadOnlyList<Measured> Of(IReadOnlyList<Measured> measured)
    {
        bool hasDrops = measured.All(one => one.Drop is { } drop && !double.IsNaN(drop));
        return Of(measured, one => new Point(one.Bytes, one.Cost, hasDrops ? one.Drop!.Value : 0, Known(one.Noise)));
    }

    /// <inheritdoc cref="Of(IReadOnlyList{Measured})"/>
    public static IReadOnlyList<Proposal> Of(IReadOnlyList<Proposal> proposals) =>
        Of(proposals, one => new Point(one.Bytes, one.Cost, 0, Known(one.Noise)));

    private static T[] Of<T>(IReadOnlyList<T> all, Func<T, Point> pointOf)
    {
        Point[] points = [.. all.Select(pointOf)];
        return
        [
            .. Enumerable.Range(0, points.Length)
                .Where(i => !Enumerable.Range(0, points.Length)
                    .Any(other => points[other].Beats(points[i]) || (other < i && points[other] == points[i])))
                .OrderBy(i => points[i].Bytes).ThenBy(i => points[i].Cost).ThenBy(i => i)
                .Select(i => all[i]),
        ];
    }

    private static double Known(double noise) => double.IsNaN(noise) ? double.PositiveInfinity : noise;

    private readonly record struct Point(long Bytes, double Cost, double Drop, double Noise)
    {
        public bool Beats(Point other) => Bytes <= other.Bytes && Cost <= other.Cost && Accuracy(other) <= 0 && this != other;

        private int Accuracy(Point other) => Drop != other.Drop ? Drop.CompareTo(other.Drop) : Noise.CompareTo(other.Noise);
    }
}
