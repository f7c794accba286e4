using System.Xml;
using System.Xml.Linq;

namespace QuantBuild.Core.Tests.Reporting.Html;

/// <summary>Reads a page as XML, which it is as well.</summary>
internal static class PageReader
{
    /// <summary>HTML takes an element without an end tag as open, whatever its last sign is, unless it is one of these or within a picture.</summary>
    private static readonly string[] EmptyInHtml = ["meta", "input", "br", "hr", "col", "link"];

    public static XElement Read(string page)
    {
        StringAssert.StartsWith(page, "<!DOCTYPE html>\n<html lang=\"en\">");
        using var text = new StringReader(page);
        using var reader = XmlReader.Create(text, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        XElement html = XElement.Load(reader);
        foreach (XElement element in html.Descendants().Where(element => element.IsEmpty))
            Assert.IsTrue(
                EmptyInHtml.Contains(element.Name.LocalName) || element.Ancestors("svg").Any(), $"<{element.Name} /> is not closed in HTML.");
        return html;
    }
}
