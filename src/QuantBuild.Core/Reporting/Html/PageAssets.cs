using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using static QuantBuild.Reporting.Html.Markup;

namespace QuantBuild.Reporting.Html;

/// <summary>Style and script, which stand in the page itself. The page lets a browser run these two by their hashes and load nothing at all.</summary>
internal static class PageAssets
{
    private static readonly string StyleText = Commented(Read("report.css"), "/*", "*/");

    private static readonly string ScriptText = Commented(Read("report.js"), "//", "");

    public static XElement Policy => Tag(
        "meta",
        Attribute("http-equiv", "Content-Security-Policy"),
        Attribute("content", $"default-src 'none'; style-src '{Hash(StyleText)}'; script-src '{Hash(ScriptText)}'; base-uri 'none'; form-action 'none'"));

    public static XElement Style => Raw("style", StyleText, "*/");

    public static XElement Script => Raw("script", ScriptText, "");

    /// <summary>XML reads the text between as it stands, and HTML takes the marks for comments, so that both read the same.</summary>
    private static string Commented(string text, string open, string close) => $"{open}<![CDATA[{close}\n{text}\n{open}]]>{close}";

    private static XElement Raw(string name, string text, string close)
    {
        int from = text.IndexOf("<![CDATA[", StringComparison.Ordinal);
        int to = text.LastIndexOf("]]>", StringComparison.Ordinal);
        return Tag(name, new XText(text[..from]), new XCData(text[(from + "<![CDATA[".Length)..to]), close.Length == 0 ? null : new XText(close));
    }

    private static string Hash(string text) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Read(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n").TrimEnd('\n');
    }
}
