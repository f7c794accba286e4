using System.Globalization;

namespace QuantBuild.Settings;

/// <summary>A size in pixels: one number, or width and height with an x between them.</summary>
internal sealed record PixelSize : SettingKind
{
    private const int Largest = 16384;

    public override string Allowed => $"one number of pixels, or width and height with an x between them, each from 1 to {Largest}: 256 or 320x240";

    public override SettingReading Read(string text)
    {
        string[] parts = text.Split(['x', 'X', '×'], StringSplitOptions.TrimEntries);
        List<int> numbers = [];
        foreach (string part in parts)
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number is < 1 or > Largest)
                return SettingReading.Invalid;
            numbers.Add(number);
        }
        return numbers.Count <= 2 ? SettingReading.Valid(string.Join('x', numbers)) : SettingReading.Invalid;
    }

    /// <param name="text">As <see cref="Read"/> gives it; empty for none.</param>
    /// <returns>One or two numbers, or none.</returns>
    public static IReadOnlyList<int> NumbersOf(string text) =>
        text.Length == 0 ? [] : [.. text.Split('x').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
}

/// <summary>Numbers with semicolons or commas between them.</summary>
/// <param name="ArePositive">Whether numbers that are zero or less are refused.</param>
internal sealed record NumberList(bool ArePositive) : SettingKind
{
    public override string Allowed =>
        $"one {Noun}, or one per channel with semicolons between them, with decimal points: 0.5 or 0.485;0.456;0.406";

    private string Noun => ArePositive ? "number above 0" : "number";

    public override SettingReading Read(string text)
    {
        List<string> numbers = [];
        foreach (string part in text.Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                || !float.IsFinite((float)number) || (ArePositive && (float)number <= 0))
                return SettingReading.Invalid;
            numbers.Add(number.ToString("R", CultureInfo.InvariantCulture));
        }
        return numbers.Count > 0 ? SettingReading.Valid(string.Join(';', numbers)) : SettingReading.Invalid;
    }

    /// <param name="text">As <see cref="Read"/> gives it; empty for none.</param>
    public static IReadOnlyList<float> NumbersOf(string text) =>
        text.Length == 0 ? [] : [.. text.Split(';').Select(number => (float)double.Parse(number, CultureInfo.InvariantCulture))];
}
