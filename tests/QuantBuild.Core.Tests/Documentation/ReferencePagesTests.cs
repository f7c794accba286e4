using QuantBuild.Diagnostics;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Documentation;

[TestClass]
public sealed class ReferencePagesTests
{
    private const string Folder = "src/QuantBuild/docs";

    public static IEnumerable<object[]> Codes => DiagnosticCatalogue.All.Select(descriptor => new object[] { descriptor.Code });

    [TestMethod]
    public void SettingsPage_Committed_IsWhatTheTableGives() => Snapshot.AssertMatches($"{Folder}/settings.md", SettingsPage.Write());

    [TestMethod]
    public void DiagnosticsPage_Committed_IsWhatTheTableGives() => Snapshot.AssertMatches($"{Folder}/diagnostics.md", DiagnosticsPage.Write());

    [TestMethod]
    [DynamicData(nameof(Codes))]
    public void DiagnosticPage_Committed_IsWhatTableAndGuideGive(string code)
    {
        DiagnosticDescriptor descriptor = DiagnosticCatalogue.All.Single(descriptor => descriptor.Code == code);
        DiagnosticGuide? guide = DiagnosticGuide.All.SingleOrDefault(guide => guide.Code == code);
        Assert.IsNotNull(guide, $"{code} has no guide; add it to a file of Guides beside this test.");

        Snapshot.AssertMatches($"{Folder}/{code}.md", DiagnosticPage.Write(descriptor, guide));
    }

    [TestMethod]
    public void DiagnosticPages_InTheFolder_AreThoseOfTheCodes() => CollectionAssert.AreEqual(
        DiagnosticCatalogue.All.Select(descriptor => descriptor.Code).ToArray(),
        Directory.GetFiles(RepositoryFiles.PathOf(Folder), "QB*.md").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal).ToArray());

    [TestMethod]
    public void Guides_All_BelongToACode() => CollectionAssert.AreEquivalent(
        DiagnosticCatalogue.All.Select(descriptor => descriptor.Code).ToArray(), DiagnosticGuide.All.Select(guide => guide.Code).ToArray());

    [TestMethod]
    public void SettingsPage_EverySetting_IsOnIt()
    {
        string page = SettingsPage.Write();
        foreach (SettingDescriptor setting in SettingCatalogue.All)
            Assert.Contains(setting.IsAvailable ? $"### {setting.PublicName}\n" : $"| `{setting.PublicName}` |", page);
    }

    /// <summary>Between the pages, and to headings of them.</summary>
    [TestMethod]
    public void AllPages_Links_LeadSomewhere()
    {
        Dictionary<string, string> pages = Directory.GetFiles(RepositoryFiles.PathOf(Folder), "*.md")
            .ToDictionary(path => Path.GetFileName(path), File.ReadAllText, StringComparer.Ordinal);
        foreach ((string name, string page) in pages)
            foreach ((string target, string anchor) in PageLinks.In(page))
            {
                Assert.IsTrue(pages.TryGetValue(target.Length == 0 ? name : target, out string? linked), $"{name}: {target}");
                if (anchor.Length > 0)
                    Assert.Contains(anchor, PageLinks.AnchorsOf(linked!), $"{name}: {target}#{anchor}");
            }
    }
}
