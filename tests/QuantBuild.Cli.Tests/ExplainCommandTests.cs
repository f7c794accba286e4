using System.Text.Json;
using QuantBuild.Cli.CommandLine;
using QuantBuild.Diagnostics;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.Cli.Tests;

[TestClass]
public sealed class ExplainCommandTests
{
    [TestMethod]
    public void Code_HasThePageThatShips()
    {
        foreach (string path in Directory.GetFiles(Path.Combine(RepositoryFolder.Find(), "src", "QuantBuild", "docs"), "QB*.md"))
        {
            string code = Path.GetFileNameWithoutExtension(path);
            JsonElement result = ToolRun.Of(Path.GetTempPath(), "explain", code.ToLowerInvariant(), "--json").Ended(ExitCode.Success).Result;

            Assert.AreEqual(File.ReadAllText(path).ReplaceLineEndings("\n"), result.GetProperty("page").GetString());
            Assert.AreEqual(DiagnosticCatalogue.All.Single(known => known.Code == code).Title, result.GetProperty("title").GetString());
        }
    }

    [TestMethod]
    public void Code_IsShownWithoutMarkupOfLinks()
    {
        string page = ToolRun.Of(Path.GetTempPath(), "explain", "QB7001").Ended(ExitCode.Success).Output;

        StringAssert.Contains(page, "## Fix");
        Assert.IsFalse(page.Contains("](", StringComparison.Ordinal), page);
    }

    [TestMethod]
    public void Nothing_ListsAllCodes()
    {
        JsonElement result = ToolRun.Of(Path.GetTempPath(), "explain", "--json").Ended(ExitCode.Success).Result;

        CollectionAssert.AreEqual(
            DiagnosticCatalogue.All.Select(code => code.Code).ToArray(), result.EnumerateArray().Select(code => code.GetProperty("code").GetString()).ToArray());
    }

    [TestMethod]
    [DataRow("Scheme")]
    [DataRow("scheme")]
    [DataRow("QuantBuildScheme")]
    [DataRow("max-accuracy-drop")]
    public void Setting_ByAnyOfItsNames(string name)
    {
        JsonElement result = ToolRun.Of(Path.GetTempPath(), "explain", name, "--json").Ended(ExitCode.Success).Result;

        SettingDescriptor setting = name.StartsWith('m') ? SettingCatalogue.MaxAccuracyDrop : SettingCatalogue.Scheme;
        Assert.AreEqual(setting.Meaning, result.GetProperty("meaning").GetString());
        Assert.AreEqual(SettingOptions.NameOf(setting), result.GetProperty("option").GetString());
    }
}
