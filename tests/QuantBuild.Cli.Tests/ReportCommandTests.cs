using QuantBuild.Cli.CommandLine;
using QuantBuild.Testing;

namespace QuantBuild.Cli.Tests;

[TestClass]
public sealed class ReportCommandTests
{
    [TestMethod]
    public void Report_BecomesAPageThatNeedsNothingElse()
    {
        using var folder = new TemporaryFolder();
        Digits.Run.Ended(ExitCode.Success);

        ToolRun run = ToolRun.Of(Digits.Folder, "report", "digits.quantized.report.json", "--output", folder.File("page.html"), "--json").Ended(ExitCode.Success);

        Assert.AreEqual(folder.File("page.html"), run.Result.GetProperty("page").GetString());
        string page = File.ReadAllText(folder.File("page.html"));
        StringAssert.StartsWith(page.ToLowerInvariant(), "<!doctype html>");
        StringAssert.Contains(page, Digits.Model);
        Assert.IsFalse(page.Contains("src=\"http", StringComparison.OrdinalIgnoreCase));
    }

    [TestMethod]
    [DataRow("{\"a\": 1}")]
    [DataRow("no JSON")]
    [DataRow("null")]
    public void SomethingElse_IsSaid(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a.json"), text);

        ToolRun.Of(folder.Path, "report", "a.json").Ended(ExitCode.Problem).Says("'a.json' is no report of QuantBuild");
        Assert.AreEqual(1, Directory.GetFiles(folder.Path).Length);
    }

    [TestMethod]
    public void MissingReport_IsSaid() => ToolRun.Of(Path.GetTempPath(), "report", "none.json").Ended(ExitCode.Problem).Says("the report cannot be read");
}
