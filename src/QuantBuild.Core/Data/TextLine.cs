using System.Text;

namespace QuantBuild.Data;

/// <summary>What a file says, fit to stand in a message: one line, not too long.</summary>
internal static class TextLine
{
    private const int Longest = 500;

    public static string Of(string text, int longest = Longest)
    {
        StringBuilder line = new(text.Length <= longest ? text : text[..longest] + "…");
        for (int i = 0; i < line.Length; i++)
            if (char.IsControl(line[i]) || line[i] is '\u2028' or '\u2029')
                line[i] = '?';
        return line.ToString();
    }
}
