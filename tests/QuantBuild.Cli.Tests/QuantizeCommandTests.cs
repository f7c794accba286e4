using System.Text.Json;
using QuantBuild.Cli.CommandLine;
using QuantBuild.Testing;

namespace QuantBuild.Cli.Tests;

[TestClass]
public sealed class QuantizeCommandTests
{
    [TestMethod]
    public void Model_IsWrittenBesideItWithItsReportAndNothingElse()
    {
        JsonElement result = Digits.Run.Ended(ExitCode.Success).Result;

        Assert.AreEqual(Path.Combine(Digits.Folder, Digits.Quantized), result.GetProperty("output").GetString());
        Assert.AreEqual(JsonValueKind.Null, result.GetProperty("weights").ValueKind);
        CollectionAssert.AreEquivalent(
            new[] { Digits.Model, Digits.Data, Digits.Quantized, "digits.quantized.report.json", "digits.quantized.report.html" },
            Directory.GetFiles(Digits.Folder).Select(Path.GetFileName).ToArray());
        JsonElement size = result.GetProperty("report").GetProperty("size");
        Assert.AreEqual(new FileInfo(Path.Combine(Digits.Folder, Digits.Quantized)).Length, size.GetProperty("quantizedBytes").GetInt64());
        Assert.IsTrue(size.GetProperty("ratio").GetDouble() < 0.5);
        Digits.Run.Says("digits.quantized: calibrate");
    }

    [TestMethod]
    public void SettingsFile_IsUsed_AndOptionsGoBeforeIt()
    {
        using var folder = new TemporaryFolder();
        Digits.CopyTo(folder.Path);
        File.WriteAllText(folder.File("settings.json"), """
            {
                // a comment
                "Scheme": "Float16",
                "QuantBuildCacheDirectory": false,
                "Gate": "Off",
            }
            """);

        ToolRun fromFile = ToolRun.Of(folder.Path, "quantize", Digits.Model, "--settings", "settings.json", "-o", "a.onnx", "--json").Ended(ExitCode.Success);
        ToolRun fromOption = ToolRun.Of(
            folder.Path, "quantize", Digits.Model, "--settings", "settings.json", "--scheme", "weightonly", "-o", "out", "--json").Ended(ExitCode.Success);

        Assert.AreEqual("Float16", SchemeOf(fromFile));
        Assert.AreEqual("WeightOnly", SchemeOf(fromOption));
        Assert.AreEqual("Off", fromOption.Result.GetProperty("report").GetProperty("settings").GetProperty("Gate").GetString());
        Assert.IsTrue(File.Exists(folder.File("a.onnx")));
        Assert.IsTrue(File.Exists(Path.Combine(folder.Path, "out", "digits.onnx")));

        static string? SchemeOf(ToolRun run) => run.Result.GetProperty("report").GetProperty("settings").GetProperty("Scheme").GetString();
    }

    [TestMethod]
    [DataRow("{\"Shceme\": \"Static\"}", ExitCode.Problem, "error QB1001: 'Shceme' is not a QuantBuild setting.")]
    [DataRow("{\"Scheme\": \"Statik\"}", ExitCode.Problem, "error QB1002: 'Statik' is not a valid value of Scheme.")]
    [DataRow("[1]", ExitCode.Problem, "are no JSON object")]
    [DataRow("{", ExitCode.Problem, "are no JSON")]
    [DataRow("{\"Scheme\": {}}", ExitCode.Problem, "'Scheme' in 'settings.json' is an object")]
    public void SettingsFile_Wrong_OneError(string text, int exitCode, string error)
    {
        using var folder = new TemporaryFolder();
        Digits.CopyTo(folder.Path);
        File.WriteAllText(folder.File("settings.json"), text);

        ToolRun.Of(folder.Path, "quantize", Digits.Model, "--settings", "settings.json").Ended(exitCode).Says(error);
    }

    [TestMethod]
    public void MissingModel_IsSaidWithACode() =>
        ToolRun.Of(Digits.Folder, "quantize", "digit.onnx").Ended(ExitCode.Problem).Says("error QB1005: The model 'digit.onnx' does not exist.");

    [TestMethod]
    public void CorruptedModel_IsSaidWithACode_AndNothingIsWritten()
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = File.ReadAllBytes(Path.Combine(Digits.Folder, Digits.Model));
        File.WriteAllBytes(folder.File("broken.onnx"), bytes[..(bytes.Length / 2)]);

        ToolRun run = ToolRun.Of(folder.Path, "quantize", "broken.onnx", "--json").Ended(ExitCode.Problem);

        run.Says("error QB2001:");
        run.Says("'quantbuild explain QB2001' tells more.");
        Assert.AreEqual("QB2001", run.Envelope.GetProperty("diagnostics")[0].GetProperty("code").GetString());
        Assert.AreEqual(1, run.Envelope.GetProperty("exitCode").GetInt32());
        CollectionAssert.AreEqual(new[] { "broken.onnx" }, Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName).ToArray());
    }

    [TestMethod]
    public void OutputIsTheModelItself_Refused() =>
        ToolRun.Of(Digits.Folder, "quantize", Digits.Model, "-o", ".").Ended(ExitCode.WrongUsage).Says("is the float model, which is not overwritten");

    [TestMethod]
    public void GateFails_NoModelAndAnExitCodeOfItsOwn()
    {
        using var folder = new TemporaryFolder();
        Digits.CopyTo(folder.Path);

        ToolRun run = ToolRun.Of(folder.Path, Digits.Quantize("--scheme", "Static", "--metric", "SignalToNoise", "--min-accuracy", "130")).Ended(ExitCode.GateFailed);

        run.Says("error QB7002:");
        Assert.AreEqual(JsonValueKind.Null, run.Result.GetProperty("output").ValueKind);
        Assert.IsTrue(File.Exists(run.Result.GetProperty("rejected").GetString()));
        Assert.IsFalse(File.Exists(folder.File(Digits.Quantized)));
    }

    [TestMethod]
    public void StoppedBefore_NothingIsLeft()
    {
        using var folder = new TemporaryFolder();
        Digits.CopyTo(folder.Path);
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        ToolRun run = ToolRun.Of(folder.Path, stop.Token, Digits.Quantize()).Ended(ExitCode.Interrupted);

        run.Says("stopped");
        Assert.AreEqual(2, Directory.GetFileSystemEntries(folder.Path).Length);
    }

    [TestMethod]
    public void Search_WithoutALimit_IsWrongUsage() =>
        ToolRun.Of(Digits.Folder, "search", Digits.Model, "--calibration-data", Digits.Data).Ended(ExitCode.WrongUsage).Says("--max-accuracy-drop");

    [TestMethod]
    public void Search_WithAScheme_IsWrongUsage() =>
        ToolRun.Of(Digits.Folder, "search", Digits.Model, "--scheme", "Static", "--max-accuracy-drop", "0.1").Ended(ExitCode.WrongUsage).Says("leaves nothing to search");
}
