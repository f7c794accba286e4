using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace QuantBuild.Reporting.Html;

/// <summary>Elements of a page. They are a tree of XML until they are written, so that no text can end what it stands in.</summary>
internal static class Markup
{
    /// <summary>HTML reads only these as complete when they are written without an end tag.</summary>
    private static readonly HashSet<string> Empty = new(
        ["br", "col", "hr", "input", "link", "meta", "line", "rect", "circle", "path", "polyline"], StringComparer.Ordinal);

    /// <param name="content">Elements, attributes, texts and sequences of them; null is nothing.</param>
    public static XElement Tag(string name, params object?[] content) => new(name, content);

    /// <summary>An element with a class.</summary>
    public static XElement Styled(string name, string styles, params object?[] content) => new(name, Class(styles), content);

    public static XAttribute Class(string styles) => new("class", styles);

    public static XAttribute Attribute(string name, string value) => new(name, value);

    /// <summary>A number in an attribute: of SVG, or by which a table is sorted.</summary>
    public static XAttribute Attribute(string name, double value) => new(name, Number(value));

    public static string Number(double value) => Math.Round(value, 3).ToString("0.###", CultureInfo.InvariantCulture);

    /// <summary>A name from a model: its letters run in its own direction, whatever they are.</summary>
    public static XElement Name(string name) => Tag("code", name);

    /// <summary>Text of the document, ready for a file.</summary>
    public static string Write(XElement html)
    {
        Settle(html);
        var text = new StringBuilder("<!DOCTYPE html>\n");
        var settings = new XmlWriterSettings { OmitXmlDeclaration = true, NewLineHandling = NewLineHandling.None, ConformanceLevel = ConformanceLevel.Fragment };
        using (var writer = XmlWriter.Create(text, settings))
            html.WriteTo(writer);
        return text.Append('\n').ToString();
    }

    /// <summary>Text as a page may hold it: what no XML or HTML file can hold becomes U+FFFD.</summary>
    public static string Clean(string text)
    {
        if (!NeedsCleaning(text))
            return text;
        var clean = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (IsPair(text, i))
                clean.Append(text[i]).Append(text[++i]);
            else
                clean.Append(IsAllowed(text[i]) ? text[i] : '\uFFFD');
        }
        return clean.ToString();
    }

    private static void Settle(XElement root)
    {
        foreach (XElement element in root.DescendantsAndSelf())
        {
            foreach (XAttribute attribute in element.Attributes())
                attribute.Value = Clean(attribute.Value);
            foreach (XText text in element.Nodes().OfType<XText>())
                text.Value = Clean(text.Value);
            if (element.IsEmpty && !Empty.Contains(element.Name.LocalName))
                element.Value = "";
        }
    }

    private static bool NeedsCleaning(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (IsPair(text, i))
                i++;
            else if (!IsAllowed(text[i]))
                return true;
        }
        return false;
    }

    private static bool IsPair(string text, int i) => i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]);

    /// <summary>Without the control characters that XML has and HTML has not.</summary>
    private static bool IsAllowed(char letter) =>
        letter is '\n' or '\t' || (letter >= ' ' && letter is not (>= '\u007F' and <= '\u009F') && XmlConvert.IsXmlChar(letter));
}
