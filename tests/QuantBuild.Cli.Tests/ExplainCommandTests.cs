using System.Text.Json;
using QuantBuild.Cli.CommandLine;
using QuantBuild.Diagnostics;
using QuantBuild.Settings;

namespace QuantBuild.Cli.Tests;

[TestClass]
public sealed class ExplainCommandTests
{
    [TestMethod]
    public void EveryCode_HasThePageThatShips()
    {
        foreach (DiagnosticDescriptor code in DiagnosticCatalogue.All)
        {
            JsonElement result = ToolRun.Of(Path.GetTempPath(), "explain", code.Code.ToLowerInvariant(), "--json").Ended(ExitCode.Success).Result;
            string page = result.GetProperty("page").GetString()!;
            StringAssert.StartsWith(page, $"# {code.Code}: {code.Title}\n");
            StringAssert.Contains(page, "[All messages](diagnostics.md)", "the page itself, not what the catalogue says");
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
