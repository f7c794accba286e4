using System.Globalization;
using System.Text;

namespace QuantBuild.Evaluation;

/// <summary>Names of a model in texts: for people, and to be pasted into a project file.</summary>
/// <remarks>A name is whatever the exporter wrote. Characters that move the cursor, break the line or turn the direction of writing are written as numbers.</remarks>
internal static class ShownName
{
    private const int Longest = 160;

    public static string Of(string name)
    {
        var text = new StringBuilder();
        foreach (Rune rune in name.EnumerateRunes())
        {
            if (text.Length >= Longest)
                return text.Append('…').ToString();
            text.Append(IsHidden(rune) ? string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}") : rune.ToString());
        }
        return text.ToString();
    }

    /// <summary>False for a name that no list of names can hold: it has a semicolon in it, begins or ends with a space, or is no text.</summary>
    public static bool CanBePasted(string name) =>
        name.Length > 0 && name.Trim().Length == name.Length && !name.Contains(';', StringComparison.Ordinal) && !name.Contains('\uFFFD', StringComparison.Ordinal)
        && name.EnumerateRunes().All(rune => rune.Value is not (0 or 0xFFFE or 0xFFFF or 0xFFFD));

    /// <summary>An attribute of the item, on one line.</summary>
    public static string Attribute(string setting, IEnumerable<string> names) => $"{setting}=\"{string.Join(';', names.Select(Escaped))}\"";

    /// <summary>For XML and for MSBuild, which reads <c>%0A</c> as a character and <c>$(</c>, <c>@(</c> and <c>%(</c> as the beginning of an expression.</summary>
    private static string Escaped(string name)
    {
        var text = new StringBuilder();
        Rune[] runes = [.. name.EnumerateRunes()];
        for (int i = 0; i < runes.Length; i++)
        {
            bool opens = i + 1 < runes.Length && runes[i + 1].Value == '(';
            text.Append(runes[i].Value switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&quot;",
                '%' => "%25",
                '$' when opens => "%24",
                '@' when opens => "%40",
                <= 0xFF and var code when IsHidden(runes[i]) => string.Create(CultureInfo.InvariantCulture, $"%{code:X2}"),
                var code when IsHidden(runes[i]) => string.Create(CultureInfo.InvariantCulture, $"&#x{code:X};"),
                _ => runes[i].ToString(),
            });
        }
        return text.ToString();
    }

    private static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.PrivateUse;
}
