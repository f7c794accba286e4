using System.Globalization;

namespace QuantBuild.Cli.Rendering;

/// <summary>Numbers for people, the same in every culture.</summary>
internal static class Figures
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    public static string Count(long number) => number.ToString("N0", Culture);

    public static string Bytes(long bytes) => bytes switch
    {
        < 1 << 10 => string.Create(Culture, $"{bytes} B"),
        < 1 << 20 => string.Create(Culture, $"{bytes / 1024.0:0.0} KiB"),
        < 1L << 30 => string.Create(Culture, $"{bytes / 1048576.0:0.0} MiB"),
        _ => string.Create(Culture, $"{bytes / 1073741824.0:0.00} GiB"),
    };

    public static string Decibels(double? decibels) => decibels is { } value ? string.Create(Culture, $"{value:0.0} dB") : "equal";

    public static string Share(double share) => string.Create(Culture, $"{share * 100:0.00} %");

    public static string Milliseconds(double milliseconds) => string.Create(Culture, $"{milliseconds:0.000}");

    public static string Number(double value) => string.Create(Culture, $"{value:G4}");

    public static string Fixed(double value, int digits) => value.ToString($"F{digits}", Culture);
}
