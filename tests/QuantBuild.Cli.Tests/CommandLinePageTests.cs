using QuantBuild.Cli.CommandLine;
using QuantBuild.Testing;

namespace QuantBuild.Cli.Tests;

/// <summary>What the page about the command line shows is what the program writes.</summary>
[TestClass]
public sealed class CommandLinePageTests
{
    private static string Page => File.ReadAllText(Path.Combine(RepositoryFolder.Find(), "src", "QuantBuild", "docs", "commandline.md")).ReplaceLineEndings("\n");

    [TestMethod]
    public void Inspect_IsShownAsItIsWritten()
    {
        string models = Path.Combine(RepositoryFolder.Find(), "samples", "FashionClassifier", "Models");

        string written = ToolRun.Of(models, "inspect", "fashion.onnx").Ended(ExitCode.Success).Output.ReplaceLineEndings("\n");

        StringAssert.Contains(Page, $"$ quantbuild inspect fashion.onnx\n{written}```", written);
    }

    [TestMethod]
    public void Explain_OfASetting_IsShownAsItIsWritten()
    {
        string written = ToolRun.Of(Path.GetTempPath(), "explain", "SampleLimit").Ended(ExitCode.Success).Output.ReplaceLineEndings("\n");

        StringAssert.Contains(Page, $"$ quantbuild explain SampleLimit\n{written}```", written);
    }

    [TestMethod]
    public void Misspelling_IsShownAsItIsWritten()
    {
        string written = ToolRun.Of(Path.GetTempPath(), "quantize", "fashion.onnx", "--calibratoin-data", "calibration.npz")
            .Ended(ExitCode.WrongUsage).Errors.ReplaceLineEndings("\n");

        StringAssert.Contains(Page, $"$ quantbuild quantize fashion.onnx --calibratoin-data calibration.npz\n{written}```", written);
    }

    [TestMethod]
    public void Page_HasASectionOfEveryCommandAndEveryExitCode()
    {
        foreach (string command in new[] { "quantize", "search", "inspect", "evaluate", "compare", "bench", "report", "explain", "completion" })
            StringAssert.Contains(Page, $"\n## {command}\n");
        foreach ((int code, string meaning) in ExitCode.All)
            StringAssert.Contains(Page, $"\n| {code} | {meaning} |\n");
    }
}
