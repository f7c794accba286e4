using System.Xml.Linq;
using QuantBuild.Reporting;
using QuantBuild.Reporting.Html;

namespace QuantBuild.Core.Tests.Reporting.Html;

[TestClass]
public sealed class HtmlPageTests
{
    private static readonly string[] Everything =
    [
        "summary", "gate", "slices", "search", "layers", "float", "recovery", "activations", "weights", "time", "preparation", "settings",
    ];

    [TestMethod]
    public void Of_EverythingKnown_HasAllSectionsAndLinksToThem()
    {
        XElement page = Page(ReportSample.Report);

        CollectionAssert.AreEqual(Everything, Ids(page));
        CollectionAssert.AreEqual(
            Everything.Select(id => "#" + id).ToArray(), page.Descendants("nav").Descendants("a").Select(link => link.Attribute("href")!.Value).ToArray());
        foreach (XElement section in page.Descendants("section"))
            Assert.AreEqual(section.Attribute("aria-labelledby")!.Value, section.Element("h2")!.Attribute("id")!.Value);
    }

    [TestMethod]
    public void Of_Twice_IsTheSame() => Assert.AreEqual(HtmlPage.Of(ReportSample.Report), HtmlPage.Of(ReportSample.Report));

    [TestMethod]
    public void Of_NothingMeasuredOrSearched_HasWhatIsLeft()
    {
        QuantizationReport report = ReportSample.Report with
        {
            Accuracy = null,
            Search = null,
            Nodes = [],
            Activations = [],
            Weights = [],
            Recovery = [],
            Preparation = [],
            Stages = [],
            Kernels = new KernelReport(0, 0, 0, new WeightedReport(0, 0, 0, 0, 0, 0), 1),
            Size = new SizeReport(0, 0, 0, 0),
            Settings = new SortedDictionary<string, string>(StringComparer.Ordinal),
            WrittenSettings = null,
        };

        XElement page = Page(report);

        CollectionAssert.AreEqual(new[] { "summary", "gate", "layers", "settings" }, Ids(page));
        StringAssert.Contains(page.Value, "There was no data to measure the accuracy with");
    }

    [TestMethod]
    public void Of_Figures_AreOnThePage()
    {
        string text = Page(ReportSample.Report).Value;

        foreach (string figure in new[] { "60.0\u00A0KiB", "30\u00A0% of the float model", "98.25 %", "0.25 points", "0.43\u00A0×", "33.5\u00A0dB", "31.3\u00A0dB", "2\u00A0048" })
            StringAssert.Contains(text.Replace('\u202F', '\u00A0'), figure);
    }

    [TestMethod]
    public void Of_Page_AsksTheNetworkForNothing()
    {
        XElement page = Page(ReportSample.Report);

        string policy = page.Descendants("meta").Single(meta => meta.Attribute("http-equiv") is not null).Attribute("content")!.Value;
        StringAssert.StartsWith(policy, "default-src 'none'; style-src 'sha256-");
        Assert.IsFalse(policy.Contains("unsafe", StringComparison.Ordinal));
        string[] loading = ["src", "srcset", "href", "action", "data", "poster", "style"];
        foreach (XAttribute attribute in page.Descendants().Attributes().Where(attribute => loading.Contains(attribute.Name.LocalName)))
            StringAssert.StartsWith(attribute.Value, "#", attribute.ToString());
        foreach (string asset in page.Descendants().Where(element => element.Name.LocalName is "style" or "script").Select(element => element.Value))
            Assert.IsFalse(asset.Contains("://", StringComparison.Ordinal) || asset.Contains("url(", StringComparison.Ordinal) || asset.Contains("@import", StringComparison.Ordinal));
    }

    /// <summary>A browser reads style and script up to their end tag, and the hashes of the policy are of exactly that.</summary>
    [TestMethod]
    public void Of_StyleAndScript_HaveTheHashesOfThePolicy()
    {
        string page = HtmlPage.Of(ReportSample.Report);

        foreach (string tag in new[] { "style", "script" })
        {
            string[] parts = page.Split($"<{tag}>");
            Assert.HasCount(2, parts);
            string content = parts[1].Split($"</{tag}>")[0];
            string hash = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(content)));
            StringAssert.Contains(page, $"{tag}-src 'sha256-{hash}'");
        }
    }

    [TestMethod]
    public void Of_Tables_HaveCaptionsAndHeadings()
    {
        foreach (XElement table in Page(ReportSample.Report).Descendants("table"))
        {
            Assert.AreNotEqual("", table.Element("caption")!.Value);
            int columns = table.Element("thead")!.Descendants("th").Count();
            foreach (XElement row in table.Element("tbody")!.Elements("tr"))
            {
                Assert.AreEqual(columns, row.Elements().Count());
                Assert.AreEqual("row", row.Elements().First().Attribute("scope")!.Value);
            }
        }
    }

    [TestMethod]
    public void Of_Pictures_HaveALabelOrAreHidden()
    {
        foreach (XElement picture in Page(ReportSample.Report).Descendants("svg").Where(svg => svg.Parent!.Name.LocalName != "svg"))
            Assert.IsTrue(picture.Attribute("aria-hidden") is not null || picture.Attribute("aria-label") is { Value.Length: > 0 }, picture.ToString());
    }

    [TestMethod]
    [DataRow(true, 0.0025, 0.01, "Passed")]
    [DataRow(true, 0.02, 0.01, "Over a limit")]
    [DataRow(false, 0.02, 0.01, "Refused")]
    public void Of_Gate_SaysWhatItSaid(bool passed, double drop, double limit, string word) => StringAssert.Contains(
        Page(ReportSample.Report with { Accuracy = ReportSample.Report.Accuracy! with { Passed = passed, Drop = drop, MaxAccuracyDrop = limit, MinAccuracy = null } })
            .Descendants("header").Single().Value,
        word);

    [TestMethod]
    public void Of_WrittenSettings_StandBeforeDefaults()
    {
        XElement settings = Page(ReportSample.Report).Descendants("section").Single(section => section.Attribute("id")!.Value == "settings");

        CollectionAssert.AreEqual(new[] { "Scheme", "Gate" }, settings.Descendants("th").Where(heading => heading.Attribute("scope")!.Value == "row").Select(heading => heading.Value).ToArray());
        Assert.AreEqual("Gate", settings.Descendants("details").Descendants("tbody").Descendants("th").Single().Value);
    }

    private static string[] Ids(XElement page) => [.. page.Descendants("section").Select(section => section.Attribute("id")!.Value)];

    private static XElement Page(QuantizationReport report) => PageReader.Read(HtmlPage.Of(report));
}
