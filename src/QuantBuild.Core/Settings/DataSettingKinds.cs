using System.Globalization;

namespace QuantBuild.Settings;

/// <summary>A name that a file holds: of an array, a column or a key.</summary>
internal sealed record FreeName : SettingKind
{
    public override string Allowed => "a name as the data has it, without control characters";

    public override SettingReading Read(string text) => text.Any(char.IsControl) ? SettingReading.Invalid : SettingReading.Valid(text);
}

/// <summary>A whole number that may be zero.</summary>
internal sealed record Seed : SettingKind
{
    public override string Allowed => "a whole number from 0 to 9223372036854775807, without separators";

    public override SettingReading Read(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? SettingReading.Valid(number.ToString(CultureInfo.InvariantCulture))
            : SettingReading.Invalid;
}

/// <summary>Names with a shape each, <c>name=[1,28,28]</c>, with semicolons between them; whether the shapes fit is checked later.</summary>
internal sealed record NamedShapes : SettingKind
{
    private const int MostAxes = 64;

    public override string Allowed => "name=[lengths of the axes] with semicolons between them, each name once, for instance image=[1,28,28]";

    public override SettingReading Read(string text) => new NamedValues().Read(text) is { Verdict: SettingVerdict.Valid } named
        && NamedValues.Split(named.Value).All(entry => ShapeOf(entry.Value) is not null)
            ? SettingReading.Valid(string.Join(';', Split(named.Value).Select(entry => $"{entry.Key}=[{string.Join(',', entry.Value)}]")))
            : SettingReading.Invalid;

    /// <param name="text">As <see cref="Read"/> accepts it; empty for none.</param>
    public static IReadOnlyDictionary<string, IReadOnlyList<long>> Split(string text) =>
        NamedValues.Split(text).ToDictionary(entry => entry.Name, entry => ShapeOf(entry.Value)!, StringComparer.Ordinal);

    private static IReadOnlyList<long>? ShapeOf(string text)
    {
        if (text is not ['[', .. var inner, ']'])
            return null;
        string[] parts = inner.Trim().Length == 0 ? [] : inner.Split(',', StringSplitOptions.TrimEntries);
        var shape = new List<long>();
        foreach (string part in parts)
            if (int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int length) && shape.Count < MostAxes)
                shape.Add(length);
            else
                return null;
        return shape;
    }
}

/// <summary>Path of an assembly and, behind a semicolon, the name of a type in it; whether they exist is checked later.</summary>
internal sealed record ProviderName : SettingKind
{
    public override string Allowed => "the path of an assembly, a semicolon and the name of a public class, for instance ../Samples/bin/Debug/net10.0/Samples.dll;MyApp.Samples";

    public override SettingReading Read(string text)
    {
        string[] parts = text.Split(';', 2, StringSplitOptions.TrimEntries);
        return text.Any(char.IsControl) || parts[0].Length == 0 || parts[^1].Contains(';', StringComparison.Ordinal)
            ? SettingReading.Invalid
            : SettingReading.Valid(string.Join(';', parts.Where(part => part.Length > 0)));
    }
}
