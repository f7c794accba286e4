using System.Globalization;

namespace QuantBuild.Settings;

/// <summary>The levels that a weight may have, in multiples of its scale: numbers that ascend, with semicolons or commas between them.</summary>
internal sealed record LevelList : SettingKind
{
    private const int Fewest = 2;

    private const int Most = 256;

    public override string Allowed =>
        $"{Fewest} to {Most} different numbers in ascending order, with semicolons between them and with decimal points: -1;-0.5;0;0.5;1";

    public override SettingReading Read(string text)
    {
        List<float> levels = [];
        foreach (string part in text.Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                || !float.IsFinite((float)number) || (levels.Count > 0 && (float)number <= levels[^1]))
                return SettingReading.Invalid;
            levels.Add((float)number + 0f);
        }
        return levels.Count is >= Fewest and <= Most
            ? SettingReading.Valid(string.Join(';', levels.Select(level => level.ToString("R", CultureInfo.InvariantCulture))))
            : SettingReading.Invalid;
    }

    /// <summary>The same numbers in order are what was probably meant.</summary>
    public override string? Nearest(string text)
    {
        List<double> numbers = [];
        foreach (string part in text.Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
                return null;
            numbers.Add(number);
        }
        SettingReading ordered = Read(string.Join(';', numbers.Distinct().Order().Select(number => number.ToString("R", CultureInfo.InvariantCulture))));
        return ordered.Verdict == SettingVerdict.Valid ? ordered.Value : null;
    }

    /// <param name="text">As <see cref="Read"/> gives it.</param>
    public static float[] LevelsOf(string text) => [.. text.Split(';').Select(level => float.Parse(level, CultureInfo.InvariantCulture))];
}
