using System.Globalization;
using System.Text;

namespace QuantBuild.Generation;

/// <summary>Writes strings as literals of the languages that escape as C does: C# and F#.</summary>
internal static class EscapedString
{
    /// <summary>
    /// A regular string literal with exactly the characters of <paramref name="value"/>. Everything but printable ASCII is escaped, so that
    /// no line separator, control, bidirectional mark or lone surrogate of a model reaches the source.
    /// </summary>
    public static string Of(string value)
    {
        StringBuilder literal = new(value.Length + 2);
        literal.Append('"');
        foreach (char character in value)
        {
            if (character is '"' or '\\')
                literal.Append('\\').Append(character);
            else if (character is >= ' ' and <= '~')
                literal.Append(character);
            else
                literal.Append("\\u").Append(((int)character).ToString("X4", CultureInfo.InvariantCulture));
        }
        return literal.Append('"').ToString();
    }
}
