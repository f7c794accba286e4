using System.Globalization;

namespace QuantBuild.Settings;

/// <summary>A length of time: a number of seconds, or with <c>s</c>, <c>m</c> or <c>h</c> behind it.</summary>
internal sealed record Duration : SettingKind
{
    private const double LongestSeconds = 7 * 24 * 3600;

    private static readonly (string Unit, int Seconds)[] Units = [("h", 3600), ("m", 60), ("s", 1)];

    public override string Allowed => "a length of time from 0 to a week: a number of seconds, or with s, m or h behind it, for instance 3m";

    /// <remarks>The normal spelling is in the largest unit that gives a whole number.</remarks>
    public override SettingReading Read(string text)
    {
        (string unit, int factor) = Array.Find(Units, unit => text.EndsWith(unit.Unit, StringComparison.OrdinalIgnoreCase));
        string number = text[..^(unit?.Length ?? 0)].TrimEnd();
        if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count)
            || !double.IsFinite(count) || count * Math.Max(1, factor) > LongestSeconds)
            return SettingReading.Invalid;
        double seconds = count * Math.Max(1, factor);
        (string normalUnit, int normalFactor) = Array.Find(Units, unit => seconds > 0 && seconds % unit.Seconds == 0);
        return SettingReading.Valid(
            (seconds / Math.Max(1, normalFactor)).ToString("R", CultureInfo.InvariantCulture) + (normalUnit ?? "s"));
    }

    /// <summary>Words and longer units are what people write.</summary>
    public override string? Nearest(string text)
    {
        int end = 0;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.'))
            end++;
        string rest = text[end..].Trim();
        SettingReading shorter = rest.Length > 1 ? Read(text[..end] + rest[0]) : SettingReading.Invalid;
        return end > 0 && shorter.Verdict == SettingVerdict.Valid ? shorter.Value : null;
    }

    /// <param name="text">As <see cref="Read"/> gives it.</param>
    public static double SecondsOf(string text)
    {
        (string unit, int factor) = Array.Find(Units, unit => text.EndsWith(unit.Unit, StringComparison.Ordinal));
        return double.Parse(text[..^unit.Length], CultureInfo.InvariantCulture) * factor;
    }
}

/// <summary>How much longer than the float model a model may take: 1 is as long.</summary>
internal sealed record Ratio : SettingKind
{
    public override string Allowed => "a number above 0 with a decimal point: 1 is as fast as the float model, 1.5 takes half as long again";

    public override SettingReading Read(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number > 0 && double.IsFinite(number)
            ? SettingReading.Valid(number.ToString("R", CultureInfo.InvariantCulture))
            : SettingReading.Invalid;
}
