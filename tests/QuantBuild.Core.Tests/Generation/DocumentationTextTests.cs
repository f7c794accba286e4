using QuantBuild.Generation;

namespace QuantBuild.Core.Tests.Generation;

[TestClass]
public sealed class DocumentationTextTests
{
    [TestMethod]
    [DataRow("a\r\nb\u0085c\u2028d\u2029e\vf\tg", "a b c d e f g")]
    [DataRow("  a  ", "a")]
    [DataRow("\u202Egnp\u2066.exe\u200B\uFEFF\0", "gnp.exe")]
    [DataRow("\uE000\uFFFEx", "x")]
    [DataRow("Größe 画像 \U0001F600", "Größe 画像 \U0001F600")]
    [DataRow("<a>", "<a>")]
    public void Plain_Text_IsOneVisibleLine(string text, string expected) => Assert.AreEqual(expected, DocumentationText.Plain(text));

    [TestMethod]
    public void Plain_LoneSurrogate_IsReplaced() => Assert.AreEqual("\uFFFDx", DocumentationText.Plain("\uD800x"));

    [TestMethod]
    public void Plain_LongText_EndsWithAnEllipsis() =>
        Assert.AreEqual(new string('x', 120) + "…", DocumentationText.Plain(new string('x', 10_000)));

    [TestMethod]
    public void Xml_Markup_IsEscaped() => Assert.AreEqual("&lt;/c&gt;&amp;amp;&quot;", DocumentationText.Xml("</c>&amp;\""));
}
