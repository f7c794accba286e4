using System.Globalization;
using QuantBuild.Benchmarks.Builds;

namespace QuantBuild.Benchmarks.Rivals;

/// <summary>Rows as a table of Markdown: ours, then other tools by dB.</summary>
internal static class RivalTable
{
    private const int TextColumns = 3;

    private const string Legend = """
        Drop: float minus quantized top-1 in points, with the 95 % interval from the same samples. dB: power of the float outputs ÷ power of the
        difference. Integers: share of the multiply-adds in integer kernels of the optimized graph. Latency: float ÷ file on one thread, interleaved.
        Float passes: load to rewritten file, evaluation apart ÷ one pass of the float model over the calibration data. Beyond float: peak MiB over
        that of a process that only runs the float model. To best integer: our dB above, and our drop beyond, the best of the other tools' static
        8-bit files with 95 % of integers and more; to best static: of all their static 8-bit files (bold: those with most dB).
        """;

    private static readonly string[] Columns =
    [
        "model", "tool", "configuration", "integers", "≥ 95 %", "float top-1", "top-1", "drop", "interval", "dB", "bytes", "÷ float", "b1", "b32",
        "float passes", "seconds", "peak MiB", "beyond float", "to best integer, dB", "points", "to best static, dB", "points",
        "to best dynamic, dB", "error",
    ];

    public static string Of(IReadOnlyList<RivalRow> rows) =>
        MarkdownTable.Of(Columns, TextColumns, rows.GroupBy(row => row.Model).SelectMany(ofModel => Lines(ofModel.Key, [.. ofModel]))) + $"\n{Legend}\n";

    private static IEnumerable<IEnumerable<string>> Lines(string model, RivalRow[] rows)
    {
        BestRivals ofInteger = BestRivals.OfInteger(model, rows);
        BestRivals ofStatic = BestRivals.OfStatic(model, rows);
        BestRivals ofDynamic = BestRivals.OfDynamic(model, rows);
        return rows.Where(row => row.IsOwn)
            .Concat(rows.Where(row => !row.IsOwn).OrderByDescending(row => row.SqnrDb ?? double.NegativeInfinity))
            .Select(row => Cells(row, ofInteger, ofStatic, ofDynamic));
    }

    private static IEnumerable<string> Cells(RivalRow row, BestRivals ofInteger, BestRivals ofStatic, BestRivals ofDynamic)
    {
        string mark = row == ofInteger.Loudest || row == ofStatic.Loudest ? "**" : "";
        return
        [
            row.Model,
            $"{mark}{row.Tool}{mark}",
            $"{mark}{row.Configuration}{mark}",
            Percent(row.IntegerShare, "0.0"),
            row.IntegerShare is null ? "" : row.IsInteger ? "yes" : "no",
            Percent(row.FloatTop1, "0.00"),
            Percent(row.Top1, "0.00"),
            $"{row.DropPoints:0.00}",
            row.DropInterval is { } interval ? $"{interval.Low:0.00} to {interval.High:0.00}" : "",
            $"{row.SqnrDb:0.0}",
            $"{row.Bytes:N0}",
            $"{(double?)row.Bytes / row.FloatBytes:0.000}",
            $"{row.LatencyRatioBatch1:0.00}",
            $"{row.LatencyRatioBatch32:0.00}",
            $"{row.FloatPasses:0.0}",
            $"{row.Seconds:0.0}",
            $"{row.PeakMiB:0}",
            $"{row.BeyondFloatMiB:0}",
            Above(ofInteger),
            Beyond(ofInteger),
            Above(ofStatic),
            Beyond(ofStatic),
            Above(ofDynamic),
            row.Error ?? "",
        ];

        string Above(BestRivals best) => row.IsOwn ? $"{row.SqnrDb - best.Loudest?.SqnrDb:+0.0;-0.0;0.0}" : "";
        string Beyond(BestRivals best) => row.IsOwn ? $"{row.DropPoints - best.Truest?.DropPoints:+0.00;-0.00;0.00}" : "";
    }

    private static string Percent(double? share, string format) =>
        share is { } value ? (100 * value).ToString(format, CultureInfo.InvariantCulture) + " %" : "";
}
