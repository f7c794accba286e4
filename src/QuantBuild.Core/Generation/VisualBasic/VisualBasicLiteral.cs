using System.Globalization;
using System.Text;

namespace QuantBuild.Generation.VisualBasic;

/// <summary>Writes values as constant expressions of Visual Basic.</summary>
internal static class VisualBasicLiteral
{
    /// <summary>Of one literal. Longer texts are put together from several, a line each.</summary>
    private const int LongestLiteral = 100;

    /// <summary>
    /// An expression with exactly the characters of <paramref name="value"/>. Literals hold printable ASCII alone, with quotes doubled; all
    /// else is named by its number, so that no line separator, control, bidirectional mark, curly quote or lone surrogate of a model reaches
    /// the source.
    /// </summary>
    public static string Of(string value)
    {
        List<string> pieces = Pieces(value);
        return pieces.Count switch
        {
            0 => "\"\"",
            1 => pieces[0],
            _ => Join(pieces, 0, pieces.Count),
        };
    }

    public static string Of(int value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Of(long value) => value.ToString(CultureInfo.InvariantCulture) + "L";

    /// <summary>The elements of an array of strings.</summary>
    public static string ArrayOf(IEnumerable<string> values) => "{" + string.Join(", ", values.Select(Of)) + "}";

    /// <summary>As balanced parentheses: a compiler follows a chain of thousands of operators only so deep.</summary>
    private static string Join(List<string> pieces, int start, int end)
    {
        if (end - start == 1)
            return pieces[start];
        int middle = start + ((end - start) / 2);
        return $"({Join(pieces, start, middle)} &\n{Join(pieces, middle, end)})";
    }

    private static List<string> Pieces(string value)
    {
        List<string> pieces = [];
        StringBuilder literal = new();
        foreach (char character in value)
        {
            if (character is >= ' ' and <= '~')
            {
                literal.Append(character == '"' ? "\"\"" : character);
                if (literal.Length >= LongestLiteral)
                    Close();
                continue;
            }
            Close();
            pieces.Add($"{BasicTypes.ChrW}({((int)character).ToString(CultureInfo.InvariantCulture)})");
        }
        Close();
        return pieces;

        void Close()
        {
            if (literal.Length == 0)
                return;
            pieces.Add($"\"{literal}\"");
            literal.Clear();
        }
    }
}
