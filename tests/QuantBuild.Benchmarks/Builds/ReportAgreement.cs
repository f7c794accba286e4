namespace QuantBuild.Benchmarks.Builds;

/// <summary>Holds what a build reports against what was measured of the file that it made.</summary>
internal static class ReportAgreement
{
    /// <summary>Both are averages over the same samples; their sums may round differently.</summary>
    private const double Rounding = 1e-9;

    /// <summary>The report has two decimals, and adds up squares of float32 in blocks.</summary>
    private const double DecibelsRounding = 0.011;

    /// <summary>The report has four decimals.</summary>
    private const double RatioRounding = 0.00006;

    public static bool Agrees(MeasuredFile file)
    {
        ReportedFigures report = file.Report!;
        return report.Metric == file.Metric
            && Near(report.Float, file.Float, Rounding)
            && Near(report.Quantized, file.Quantized, Rounding)
            && Near(report.Drop, file.Drop, Rounding)
            && Near(report.DropInterval[0], file.DropInterval[0], Rounding)
            && Near(report.DropInterval[1], file.DropInterval[1], Rounding)
            && Near(report.SqnrDb ?? double.PositiveInfinity, file.SqnrDb, DecibelsRounding)
            && Near(report.SizeRatio, file.SizeRatio, RatioRounding);
    }

    public static void Print(MeasuredFile file, bool isCarried)
    {
        ReportedFigures report = file.Report!;
        string reported = Figures(
            report.Metric, report.Float, report.Quantized, report.DropInterval, report.SqnrDb, report.SizeRatio, report.IntegerShare);
        string measured = Figures(
            file.Metric, file.Float, file.Quantized, file.DropInterval, file.SqnrDb, file.SizeRatio, file.IntegerShare);
        string stages = string.Join(", ", report.StageSeconds.Select(stage => $"{stage.Key} {stage.Value:0.0}"));
        Console.WriteLine($"""
            {file.Model}
              report      {reported}
              independent {measured}
              equal: {YesOrNo(Agrees(file))}; the program carries this file: {YesOrNo(isCarried)}
              seconds: {stages}; whole build {file.Seconds:0.0}

            """);
    }

    private static string Figures(
        string metric, double ofFloat, double quantized, IReadOnlyList<double> interval, double? dB, double size, double? share) =>
        $"{metric} {ofFloat:0.00000} to {quantized:0.00000}, drop {ofFloat - quantized:0.00000} ({interval[0]:0.00000} to {interval[1]:0.00000}), "
        + $"{dB:0.00} dB, size {size:0.0000}, integer share {share:0.0000}";

    private static bool Near(double left, double right, double tolerance) => left.Equals(right) || Math.Abs(left - right) <= tolerance;

    private static string YesOrNo(bool value) => value ? "yes" : "NO";
}
