using System.Globalization;
using System.Text;

namespace QuantBuild.Generation.CSharp;

/// <summary>Writes values as C# literals.</summary>
internal static class CSharpLiteral
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

    public static string Of(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The initializer of an array of strings.</summary>
    public static string ArrayOf(IEnumerable<string> values) => "{ " + string.Join(", ", values.Select(Of)) + " }";
}
