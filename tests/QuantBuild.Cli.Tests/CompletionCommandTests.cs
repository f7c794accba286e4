using System.Diagnostics;
using QuantBuild.Cli.CommandLine;
using QuantBuild.Testing;

namespace QuantBuild.Cli.Tests;

[TestClass]
public sealed class CompletionCommandTests
{
    [TestMethod]
    [DataRow("bash", "--")]
    [DataRow("zsh", "--")]
    [DataRow("pwsh", "--")]
    [DataRow("fish", "-l ")]
    public void Script_HasAllCommandsAndOptions(string shell, string prefix)
    {
        string script = ToolRun.Of(Path.GetTempPath(), "completion", shell).Ended(ExitCode.Success).Output;

        foreach (string command in new[] { "quantize", "search", "inspect", "evaluate", "compare", "bench", "report", "explain", "completion" })
            StringAssert.Contains(script, command);
        foreach (string option in new[] { "calibration-data", "max-accuracy-drop", "against", "seconds", "open", "json", "help" })
            StringAssert.Contains(script, prefix + option);
        StringAssert.Contains(script, "WeightOnly");
        Assert.IsFalse(script.Contains("measure-load", StringComparison.Ordinal));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    [DataRow("quantbuild qu", "quantize")]
    [DataRow("quantbuild quantize --calib", "--calibration-data")]
    [DataRow("quantbuild quantize --scheme St", "Static")]
    [DataRow("quantbuild explain QB700", "QB7001")]
    [DataRow("quantbuild completion b", "bash")]
    public void BashScript_Completes(string line, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("completion.sh"), ToolRun.Of(folder.Path, "completion", "bash").Ended(ExitCode.Success).Output);
        Assert.AreEqual("", Bash(folder, "-n", "completion.sh"));

        string words = Bash(folder, "-c", $"source completion.sh; COMP_WORDS=({line}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _quantbuild; echo \"${{COMPREPLY[@]}}\"");

        CollectionAssert.Contains(words.Trim().Split(' '), expected, words);
        Assert.IsTrue(words.Trim().Split(' ').All(word => word.StartsWith(line.Split(' ')[^1], StringComparison.Ordinal)), words);
    }

    private static string Bash(TemporaryFolder folder, params string[] arguments)
    {
        using Process bash = Process.Start(new ProcessStartInfo("bash", arguments)
        {
            WorkingDirectory = folder.Path, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        Task<string> errors = bash.StandardError.ReadToEndAsync();
        string output = bash.StandardOutput.ReadToEnd();
        bash.WaitForExit();
        return output + errors.Result;
    }
}
