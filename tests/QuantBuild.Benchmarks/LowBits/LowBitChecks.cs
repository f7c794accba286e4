namespace QuantBuild.Benchmarks.LowBits;

/// <summary>Where our files of few bits are not what they have to be.</summary>
internal static class LowBitChecks
{
    private const int FewBits = 4;

    /// <summary>Half of the noise power.</summary>
    private const double LeastDecibelsAbove = 3;

    /// <summary>Below it, what is no weight takes a share of the file that counts.</summary>
    private const long SmallParameters = 200_000;

    private const double LargestSmallRatio = 0.25;

    private const double LargestRatio = 0.18;

    /// <summary>Points of top-1, by bits.</summary>
    private static readonly (int Bits, double MostPoints)[] Drops = [(FewBits, 0.3), (3, 1)];

    /// <summary>The file of 4 bits and less with most dB.</summary>
    public static LowBitRow? BestRival(IEnumerable<LowBitRow> rows) =>
        rows.Where(row => row is { IsOwn: false, Error: null, Bits: <= FewBits } && row.Counts).MaxBy(row => row.SqnrDb);

    /// <summary>One line for every mark that is missed, and for every file that is not there.</summary>
    public static IEnumerable<string> Misses(IReadOnlyList<LowBitRow> rows) => rows.GroupBy(row => row.Model).SelectMany(ofModel =>
        OfModel([.. ofModel]).Select(miss => $"{ofModel.Key}: {miss.ReplaceLineEndings(" ")}"));

    private static IEnumerable<string> OfModel(LowBitRow[] rows)
    {
        foreach (LowBitRow row in rows.Where(row => row is { IsOwn: true, Error: not null }))
            yield return $"{row.Configuration}: {row.Error}";
        foreach ((int bits, double mostPoints) in Drops)
            if (Default(rows, bits) is { DropPoints: not null } row && LeastDrop(row) > mostPoints)
                yield return $"{row.Configuration}: a drop of {row.DropPoints:0.00} points "
                    + $"({row.File.DropInterval?.Low:0.00} to {row.File.DropInterval?.High:0.00}), {mostPoints} at most are asked for";
        if (Default(rows, FewBits) is { } shipped && shipped.SizeRatio > MostRatio(shipped))
            yield return $"{shipped.Configuration}: {shipped.SizeRatio:0.000} of the float file, {MostRatio(shipped)} at most are asked for";
        if (BestRival(rows) is { } rival && rows.Any(row => row is { IsOwn: true, Error: null, Bits: FewBits }))
        {
            LowBitRow? loudest = rows
                .Where(row => row is { IsOwn: true, Error: null, Bits: <= FewBits } && row.Bytes <= rival.Bytes)
                .MaxBy(row => row.SqnrDb);
            if (loudest is null)
                yield return $"no file is as small as {rival.Tool}.{rival.Configuration} with {rival.Bytes:N0} bytes";
            else if (loudest.SqnrDb - rival.SqnrDb < LeastDecibelsAbove)
                yield return $"{loudest.Configuration}: {loudest.SqnrDb:0.0} dB are the most within the {rival.Bytes:N0} bytes of "
                    + $"{rival.Tool}.{rival.Configuration}, which has {rival.SqnrDb:0.0}; {LeastDecibelsAbove:0} more are asked for";
        }
    }

    /// <summary>The file that a user gets who asks for the bits alone.</summary>
    private static LowBitRow? Default(LowBitRow[] rows, int bits) =>
        rows.FirstOrDefault(row => row is { IsOwn: true, Error: null } && row.Bits == bits && row.Algorithm == LowBitRecipes.Uniform);

    /// <summary>Sets of pictures are large enough to tell the drop; of the others it is told with the uncertainty of few samples.</summary>
    private static double? LeastDrop(LowBitRow row) => row.IsOfImages ? row.DropPoints : row.File.DropInterval?.Low;

    private static double MostRatio(LowBitRow row) => row.FloatBytes / sizeof(float) < SmallParameters ? LargestSmallRatio : LargestRatio;
}
