using System.Globalization;
using System.Text;
using QuantBuild.Onnx;

namespace QuantBuild.Generation;

/// <summary>Text of a model made safe for comments and messages: one line, visible characters only, of bounded length.</summary>
internal static class DocumentationText
{
    /// <summary>Characters of a name or a shape that are shown; the rest is an ellipsis.</summary>
    private const int LongestText = 120;

    private const string NothingVisible = "(no visible name)";

    /// <summary>For a documentation comment: as <see cref="Plain"/>, with the characters of XML markup escaped.</summary>
    public static string Xml(string text) => Plain(text)
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("\"", "&quot;", StringComparison.Ordinal);

    /// <summary>Type and shape for a documentation comment: <c>float32 [batch,1,28,28]</c>.</summary>
    public static string Xml(TensorSignature tensor) =>
        Xml(tensor.ElementType == OnnxElementType.Undefined ? "not a tensor" : tensor.ToString());

    /// <summary>
    /// Without line breaks, control characters and invisible marks, bidirectional ones among them; runs of white space become one space.
    /// </summary>
    public static string Plain(string text)
    {
        StringBuilder plain = new();
        int shown = 0;
        bool spaceBefore = false;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                spaceBefore = plain.Length > 0;
                continue;
            }
            if (!IsVisible(rune))
                continue;
            if (shown++ == LongestText)
                return plain.Append('…').ToString();
            if (spaceBefore)
                plain.Append(' ');
            plain.Append(rune.ToString());
            spaceBefore = false;
        }
        return plain.Length == 0 ? NothingVisible : plain.ToString();
    }

    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
