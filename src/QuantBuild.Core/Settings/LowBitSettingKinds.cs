using System.Globalization;

namespace QuantBuild.Settings;

/// <summary>How many weights share a scale: a number, or a word for all of a channel.</summary>
internal sealed record BlockLength : SettingKind
{
    private const int Shortest = 8;

    private const int Longest = 65536;

    private static readonly Choice Words = new(["Channel"], []);

    public override string Allowed => $"Channel, or a whole number from {Shortest} to {Longest}";

    public override SettingReading Read(string text) =>
        Words.Read(text) is { Verdict: SettingVerdict.Valid } word ? word
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int length) && length is >= Shortest and <= Longest
            ? SettingReading.Valid(length.ToString(CultureInfo.InvariantCulture))
            : SettingReading.Invalid;

    public override string? Nearest(string text) => Words.Nearest(text);

    /// <param name="value">As <see cref="Read"/> gives it.</param>
    /// <returns><see cref="int.MaxValue"/> for a whole channel; null when it is to be chosen.</returns>
    public static int? LengthOf(string value) =>
        value.Length == 0 ? null : int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int length) ? length : int.MaxValue;
}

/// <summary>The name of a codebook, or its values.</summary>
internal sealed record CodebookValues : SettingKind
{
    private const int MostValues = 256;

    /// <summary>Of the largest one, which scales are divided by.</summary>
    private const float SmallestMagnitude = 1e-30f;

    private static readonly Choice Words = new(["Auto", "None", "KMeans", "NormalFloat", "PowersOfTwo"], []);

    public override string Allowed => $"{Words.Allowed}, or 2 to {MostValues} different numbers with semicolons between them, one of them of magnitude 1E-30 or more";

    public override SettingReading Read(string text) =>
        Words.Read(text) is { Verdict: SettingVerdict.Valid } word ? word
        : ValuesOf(text) is { } values ? SettingReading.Valid(string.Join(';', values.Select(value => value.ToString("R", CultureInfo.InvariantCulture))))
        : SettingReading.Invalid;

    public override string? Nearest(string text) => Words.Nearest(text);

    /// <returns>Ascending; null for a word, and for what is no list of different numbers.</returns>
    public static float[]? ValuesOf(string text)
    {
        string[] entries = text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var values = new float[entries.Length];
        for (int i = 0; i < entries.Length; i++)
            if (!float.TryParse(entries[i], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i]) || !float.IsFinite(values[i]))
                return null;
        Array.Sort(values);
        return values.Length is >= 2 and <= MostValues && values.Max(Math.Abs) >= SmallestMagnitude && ToLevels(values).Distinct().Count() == values.Length
            ? values
            : null;
    }

    /// <summary>Values divided by a power of two, such that the largest magnitude is 1 to 2: their scales take it.</summary>
    public static float[] ToLevels(float[] values)
    {
        int exponent = MathF.ILogB(values.Max(Math.Abs));
        return [.. values.Select(value => MathF.ScaleB(value, -exponent))];
    }
}
