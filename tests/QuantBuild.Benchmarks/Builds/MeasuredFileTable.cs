namespace QuantBuild.Benchmarks.Builds;

/// <summary>Measured files as a table of Markdown: what the build ships first, other tools by dB behind it.</summary>
internal static class MeasuredFileTable
{
    private const int TextColumns = 3;

    private static readonly string[] Columns =
    [
        "model", "tool", "file", "float", "quantized", "drop", "interval", "dB", "size", "fused", "integer nodes", "Q/DQ left",
        "integer share", "b1", "b32", "seconds", "peak MiB",
    ];

    public static string Of(IEnumerable<MeasuredFile> files) =>
        MarkdownTable.Of(Columns, TextColumns, files.GroupBy(file => file.Model).SelectMany(Rows));

    private static IEnumerable<IEnumerable<string>> Rows(IEnumerable<MeasuredFile> ofModel)
    {
        MeasuredFile? best = ofModel.Where(file => file.Report is null).MaxBy(file => file.SqnrDb);
        return ofModel.OrderBy(file => file.Report is null).ThenByDescending(file => file.SqnrDb).Select(file => Cells(file, file == best));
    }

    private static IEnumerable<string> Cells(MeasuredFile file, bool isBest)
    {
        string mark = isBest ? "**" : "";
        bool isTop1 = file.DropPoints is not null;
        return
        [
            file.Model,
            $"{mark}{file.Tool}{mark}",
            $"{mark}{file.File}{mark}",
            Value(file.Float),
            Value(file.Quantized),
            Difference(file.Drop),
            $"{Difference(file.DropInterval[0])} to {Difference(file.DropInterval[1])}",
            $"{file.SqnrDb:0.0}",
            $"{file.SizeRatio:0.000}",
            file.Planned is { } planned ? $"{file.Fused} of {planned}" : "",
            $"{file.IntegerNodes}",
            $"{file.LeftoverConversions}",
            file.IntegerShare is { } share ? $"{share * 100:0.0} %" : "",
            $"{file.LatencyRatioBatch1:0.00}",
            $"{file.LatencyRatioBatch32:0.00}",
            $"{file.Seconds:0.0}",
            $"{file.PeakMiB:0}",
        ];

        string Value(double value) => isTop1 ? $"{value * 100:0.00} %" : $"{value:0.00000}";
        string Difference(double value) => isTop1 ? $"{value * 100:0.00}" : $"{value:0.00000}";
    }
}
