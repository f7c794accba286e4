using QuantBuild.Benchmarks.Builds;

namespace QuantBuild.Benchmarks.LowBits;

/// <summary>What chosen values give over equal steps, at as many bits a weight.</summary>
internal static class CodebookTable
{
    private const string Prefix = "palettized-";

    private const int TextColumns = 1;

    /// <summary>Every codebook with its dB beyond those of uniform steps, and its size as a multiple of theirs.</summary>
    public static string Of(IReadOnlyList<LowBitRow> rows)
    {
        LowBitRow[] sound = [.. rows.Where(row => row is { IsOwn: true, Error: null, SqnrDb: not null })];
        string[] codebooks = [.. sound.Where(IsCodebook).Select(row => row.Algorithm).Distinct()];
        return MarkdownTable.Of(
            ["model", "bits", "uniform, dB", .. codebooks.Select(algorithm => algorithm[Prefix.Length..])],
            TextColumns,
            sound.Where(row => LowBitRecipes.DefaultBits.Contains(row.Bits!.Value)).GroupBy(row => (row.Model, row.Bits)).Select(Cells));

        IEnumerable<string> Cells(IGrouping<(string Model, int? Bits), LowBitRow> group)
        {
            LowBitRow? uniform = group.FirstOrDefault(row => row.Algorithm == LowBitRecipes.Uniform);
            return
            [
                group.Key.Model,
                $"{group.Key.Bits}",
                $"{uniform?.SqnrDb:0.0}",
                .. codebooks.Select(algorithm => Difference(group.FirstOrDefault(row => row.Algorithm == algorithm), uniform)),
            ];
        }
    }

    private static bool IsCodebook(LowBitRow row) => row.Algorithm.StartsWith(Prefix, StringComparison.Ordinal);

    private static string Difference(LowBitRow? row, LowBitRow? uniform) => row is null || uniform is null
        ? ""
        : $"{row.SqnrDb - uniform.SqnrDb:+0.0;-0.0;0.0} (size × {(double?)row.Bytes / uniform.Bytes:0.00})";
}
