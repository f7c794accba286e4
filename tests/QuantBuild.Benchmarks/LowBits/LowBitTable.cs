using QuantBuild.Benchmarks.Builds;
using QuantBuild.Benchmarks.Rivals;

namespace QuantBuild.Benchmarks.LowBits;

/// <summary>Rows as tables of Markdown: bits against algorithms, codebooks against uniform steps, and all that was measured.</summary>
internal static class LowBitTable
{
    private const int TextColumns = 3;

    private const string Legend = """
        Bits: of our files as asked for, of others the fewest that a quarter of the weights has. Drop: float minus quantized top-1 in
        points, with the 95 % interval from the same samples. dB: power of the float outputs ÷ power of the difference. Brotli: bytes of
        the file after Brotli at its best level. Latency (b1, b32): float ÷ file on one thread, interleaved. Float passes: load to rewritten
        file, evaluation apart ÷ one pass of the float model over the calibration data. Bold: of the other tools' files of 4 bits and
        less that with most dB.
        """;

    private static readonly string[] Columns =
    [
        "model", "tool", "algorithm", "bits", "drop", "interval", "dB", "bytes", "÷ float", "brotli", "÷ float", "b1", "b32",
        "float passes", "seconds", "peak MiB", "error",
    ];

    public static string Of(IReadOnlyList<LowBitRow> rows) => $"""
        ## Bits and algorithms: dB (drop in points)

        {Overview(rows)}
        ## Codebooks against uniform steps of as many bits: dB more

        {CodebookTable.Of(rows)}
        ## All files

        {MarkdownTable.Of(Columns, TextColumns, rows.GroupBy(row => row.Model).SelectMany(ofModel => Lines([.. ofModel])))}
        {Legend}
        """;

    private static string Overview(IReadOnlyList<LowBitRow> rows)
    {
        LowBitRow[] own = [.. rows.Where(row => row.IsOwn)];
        int[] bits = [.. own.Select(row => row.Bits!.Value).Distinct().OrderDescending()];
        return MarkdownTable.Of(
            ["model", "algorithm", .. bits.Select(count => $"{count} bits")],
            textColumns: 2,
            own.GroupBy(row => (row.Model, row.Algorithm)).Select(Line));

        IEnumerable<string> Line(IGrouping<(string Model, string Algorithm), LowBitRow> group) =>
            [group.Key.Model, group.Key.Algorithm, .. bits.Select(count => Short(group.FirstOrDefault(row => row.Bits == count)))];
    }

    private static string Short(LowBitRow? row) => row switch
    {
        null => "",
        { Error: not null } => "fails",
        { DropPoints: { } drop } => $"{row.SqnrDb:0.0} ({drop:0.00})",
        _ => $"{row.SqnrDb:0.0}",
    };

    private static IEnumerable<IEnumerable<string>> Lines(LowBitRow[] rows)
    {
        LowBitRow? best = LowBitChecks.BestRival(rows);
        return rows.Where(row => row.IsOwn)
            .Concat(rows.Where(row => !row.IsOwn).OrderBy(row => row.Bits).ThenByDescending(row => row.SqnrDb ?? double.NegativeInfinity))
            .Select(row => Cells(row, row == best ? "**" : ""));
    }

    private static IEnumerable<string> Cells(LowBitRow row, string mark) =>
    [
        row.Model,
        $"{mark}{row.Tool}{mark}",
        $"{mark}{row.Algorithm}{mark}",
        $"{row.Bits}",
        $"{row.DropPoints:0.00}",
        row.File.DropInterval is { } interval ? $"{interval.Low:0.00} to {interval.High:0.00}" : "",
        $"{row.SqnrDb:0.0}",
        $"{row.Bytes:N0}",
        $"{row.SizeRatio:0.000}",
        $"{row.EntropyBytes:N0}",
        $"{(double?)row.EntropyBytes / row.FloatBytes:0.000}",
        $"{row.LatencyRatioBatch1:0.00}",
        $"{row.LatencyRatioBatch32:0.00}",
        $"{row.FloatPasses:0.0}",
        $"{row.Seconds:0.0}",
        $"{row.PeakMiB:0}",
        row.Error ?? "",
    ];
}
