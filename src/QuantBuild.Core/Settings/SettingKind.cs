using System.Globalization;
using QuantBuild.Diagnostics;

namespace QuantBuild.Settings;

internal enum SettingVerdict
{
    Valid,
    Invalid,

    /// <summary>Understood, but refused by this version.</summary>
    NotAvailable,
}

/// <param name="Value">The value in its one normal spelling when it is valid; otherwise empty.</param>
internal readonly record struct SettingReading(SettingVerdict Verdict, string Value)
{
    public static readonly SettingReading Invalid = new(SettingVerdict.Invalid, "");

    public static readonly SettingReading NotAvailable = new(SettingVerdict.NotAvailable, "");

    public static SettingReading Valid(string value) => new(SettingVerdict.Valid, value);
}

/// <summary>What values a setting takes. Reading never depends on the culture and never changes a value to make it fit.</summary>
internal abstract record SettingKind
{
    /// <summary>The values that this version accepts, to follow "Allowed: ".</summary>
    public abstract string Allowed { get; }

    /// <param name="text">Trimmed, not empty.</param>
    public abstract SettingReading Read(string text);

    /// <summary>The valid value that was probably meant; null when none is near.</summary>
    public virtual string? Nearest(string text) => null;
}

/// <summary>One of a list of words, in any case.</summary>
/// <param name="Planned">Words of later versions, which this one refuses.</param>
internal record Choice(IReadOnlyList<string> Available, IReadOnlyList<string> Planned) : SettingKind
{
    public override string Allowed => string.Join(", ", Available);

    public override SettingReading Read(string text)
    {
        foreach (string word in Available)
            if (word.Equals(text, StringComparison.OrdinalIgnoreCase))
                return SettingReading.Valid(word);
        return Planned.Contains(text, StringComparer.OrdinalIgnoreCase) ? SettingReading.NotAvailable : SettingReading.Invalid;
    }

    public override string? Nearest(string text) => NearestName.Find(text, Available);
}

/// <summary>A number from 0, in the unit of a metric; which numbers a metric takes is checked later.</summary>
internal sealed record Amount : SettingKind
{
    public const string AllowedText = "a number from 0, and up to 1 for shares such as Top1, with a decimal point, for instance 0.01";

    public override string Allowed => AllowedText;

    public override SettingReading Read(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double number)
        && number >= 0 && double.IsFinite(number)
            ? SettingReading.Valid(number.ToString("R", CultureInfo.InvariantCulture))
            : SettingReading.Invalid;

    /// <summary>A decimal comma is the mistake worth a suggestion.</summary>
    public override string? Nearest(string text)
    {
        SettingReading withPoint = Read(text.Replace(',', '.'));
        return withPoint.Verdict == SettingVerdict.Valid ? withPoint.Value : null;
    }
}

/// <summary>The number of a class, from 0; where there are words for it, the first or the last.</summary>
internal sealed record ClassNumber(bool HasWords) : SettingKind
{
    private const string First = "First";

    private const string Last = "Last";

    public override string Allowed => (HasWords ? $"{First}, {Last}, or " : "") + "a whole number from 0 to 2147483647, without separators";

    public override SettingReading Read(string text) =>
        HasWords && new Choice([First, Last], []).Read(text) is { Verdict: SettingVerdict.Valid } word ? word
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? SettingReading.Valid(number.ToString(CultureInfo.InvariantCulture))
        : SettingReading.Invalid;

    /// <param name="value">As <see cref="Read"/> gives it.</param>
    /// <returns>Counted from the end when negative.</returns>
    public static int NumberOf(string value) => value switch
    {
        First => 0,
        Last => -1,
        _ => int.Parse(value, CultureInfo.InvariantCulture),
    };
}

/// <summary>A name that the model or the data gives, in its own spelling.</summary>
internal sealed record GivenName : SettingKind
{
    public override string Allowed => "a name";

    public override SettingReading Read(string text) => SettingReading.Valid(text);
}

/// <summary>A whole number from 1.</summary>
internal sealed record Count : SettingKind
{
    public override string Allowed => "a whole number from 1 to 2147483647, without separators";

    public override SettingReading Read(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1
            ? SettingReading.Valid(number.ToString(CultureInfo.InvariantCulture))
            : SettingReading.Invalid;
}

/// <summary>A number of bytes, plain or with one of the units KiB, MiB and GiB behind it.</summary>
/// <param name="Smallest">Smallest number of bytes allowed.</param>
internal sealed record ByteCount(long Smallest) : SettingKind
{
    /// <summary>Largest first.</summary>
    private static readonly (string Unit, int Shift)[] Units = [("GiB", 30), ("MiB", 20), ("KiB", 10), ("", 0)];

    public override string Allowed =>
        $"a whole number of bytes from {Normal(Smallest)}, with KiB, MiB or GiB behind it or nothing, for instance 2GiB";

    /// <remarks>The normal spelling has the largest unit that gives a whole number.</remarks>
    public override SettingReading Read(string text)
    {
        (string unit, int shift) = Units.First(unit => text.EndsWith(unit.Unit, StringComparison.OrdinalIgnoreCase));
        if (!long.TryParse(text[..^unit.Length].TrimEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            || number > long.MaxValue >> shift || number << shift < Smallest)
            return SettingReading.Invalid;
        return SettingReading.Valid(Normal(number << shift));
    }

    /// <summary>GB and MB are what people write for GiB and MiB.</summary>
    public override string? Nearest(string text)
    {
        SettingReading binary = Read(text.EndsWith('B') ? $"{text[..^1]}iB" : $"{text}iB");
        return binary.Verdict == SettingVerdict.Valid ? binary.Value : null;
    }

    private static string Normal(long bytes)
    {
        (string unit, int shift) = Units.First(unit => bytes % (1L << unit.Shift) == 0);
        return (bytes >> shift).ToString(CultureInfo.InvariantCulture) + unit;
    }

    /// <param name="text">As <see cref="Read"/> gives it.</param>
    public static long BytesOf(string text)
    {
        (string unit, int shift) = Units.First(unit => text.EndsWith(unit.Unit, StringComparison.Ordinal));
        return long.Parse(text[..^unit.Length], CultureInfo.InvariantCulture) << shift;
    }
}

/// <summary>Path of a file, absolute or relative to the project; whether the file exists is checked later.</summary>
internal sealed record FilePath : SettingKind
{
    public override string Allowed => "the path of a file, absolute or relative to the project";

    public override SettingReading Read(string text) =>
        text.Contains('\0', StringComparison.Ordinal) ? SettingReading.Invalid : SettingReading.Valid(text);
}

/// <summary>Path of a file or folder, absolute or relative to the project, or <c>false</c> for none.</summary>
internal sealed record FilePathOrFalse : SettingKind
{
    public const string None = "false";

    public override string Allowed => "a path, absolute or relative to the project, or false";

    public override SettingReading Read(string text) =>
        text.Contains('\0', StringComparison.Ordinal) ? SettingReading.Invalid
        : text.Equals(None, StringComparison.OrdinalIgnoreCase) ? SettingReading.Valid(None)
        : text.Equals("true", StringComparison.OrdinalIgnoreCase) ? SettingReading.Invalid
        : SettingReading.Valid(text);
}

/// <summary>Whether reports are kept, or the file or folder that gets a copy.</summary>
internal sealed record ReportTarget : SettingKind
{
    private static readonly Choice Words = new(["true", "false"], []);

    public override string Allowed => "true, false, or a path, absolute or relative to the project: of a folder, or of a .json or .html file where there is one model";

    public override SettingReading Read(string text) =>
        Words.Read(text) is { Verdict: SettingVerdict.Valid } word ? word
        : text.AsSpan().IndexOfAny('\0', '*', '?') >= 0 || text.Contains(';', StringComparison.Ordinal) ? SettingReading.Invalid
        : SettingReading.Valid(text);

    /// <param name="value">As <see cref="Read"/> gives it.</param>
    public static bool IsFile(string value) =>
        value.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || value.EndsWith(".html", StringComparison.OrdinalIgnoreCase);
}

/// <summary>Names with semicolons between them; empty entries and repetitions are dropped, the order is kept.</summary>
internal sealed record NameList : SettingKind
{
    public override string Allowed => "names with semicolons between them";

    public override SettingReading Read(string text) => SettingReading.Valid(string.Join(';', Split(text)));

    public static IReadOnlyList<string> Split(string text) =>
        [.. text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal)];
}

/// <summary>Names with a value each, <c>name=value</c>, with semicolons between them; what the values mean is checked later.</summary>
internal sealed record NamedValues : SettingKind
{
    public override string Allowed => "name=value with semicolons between them, each name once, for instance sr=16000;axes=[0,1]";

    public override SettingReading Read(string text)
    {
        string[] entries = Entries(text);
        bool isValid = entries.Length > 0 && Array.TrueForAll(entries, entry => entry.IndexOf('=', StringComparison.Ordinal) is > 0 and var end && end < entry.Length - 1)
            && Split(text).DistinctBy(entry => entry.Name).Count() == entries.Length;
        return isValid ? SettingReading.Valid(string.Join(';', Split(text).Select(entry => $"{entry.Name}={entry.Value}"))) : SettingReading.Invalid;
    }

    /// <param name="text">As <see cref="Read"/> accepts it; empty for none.</param>
    public static IReadOnlyList<SettingText> Split(string text) =>
    [
        .. Entries(text).Select(entry => entry.Split('=', 2, StringSplitOptions.TrimEntries)).Select(pair => new SettingText(pair[0], pair[1])),
    ];

    private static string[] Entries(string text) => text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>A name of the generated code; whether C# allows it is checked later.</summary>
internal sealed record CSharpName : SettingKind
{
    public override string Allowed => "a C# name";

    public override SettingReading Read(string text) => SettingReading.Valid(text);
}

/// <summary>Values of a setting that this version does not have: all but the default are refused.</summary>
internal sealed record NotYet : SettingKind
{
    public override string Allowed => "nothing in this version";

    public override SettingReading Read(string text) => SettingReading.NotAvailable;
}
