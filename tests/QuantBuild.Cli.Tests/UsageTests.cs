using QuantBuild.Cli.CommandLine;
using QuantBuild.Settings;

namespace QuantBuild.Cli.Tests;

[TestClass]
public sealed class UsageTests
{
    private static readonly string[] Commands = ["quantize", "search", "inspect", "evaluate", "compare", "bench", "report", "explain", "completion"];

    [TestMethod]
    [DataRow("error: there is no command 'quantise'. Did you mean 'quantize'?", "quantise", "a.onnx")]
    [DataRow("error: 'quantize' has no option '--calibratoin-data'. Did you mean '--calibration-data'?", "quantize", "a.onnx", "--calibratoin-data", "x")]
    [DataRow("error: 'quantize' has no option '--schema'. Did you mean '--scheme'?", "quantize", "--schema=Static", "a.onnx")]
    [DataRow("error: 'inspect' has no option '--dat'. Did you mean '--data'?", "inspect", "--json", "--dat", "x", "a.onnx")]
    [DataRow("error: 'bench' has no option '-x'.", "bench", "a.onnx", "-x")]
    [DataRow("error: Required argument 'MODEL' missing for command: 'quantize'.", "quantize")]
    [DataRow("error: Option '--data' is required.", "compare", "a.onnx", "b.onnx")]
    [DataRow("error: there is no option '--vresion'.", "--vresion")]
    public void WrongLine_NamesTheNearest(string error, params string[] arguments)
    {
        ToolRun run = ToolRun.Of(Path.GetTempPath(), arguments).Ended(ExitCode.WrongUsage);

        run.Says(error);
        run.Says("--help' tells how it is used.");
        Assert.AreEqual("", run.Output);
    }

    [TestMethod]
    [DataRow("there is no script for 'bsh'. Did you mean 'bash'?", "completion", "bsh")]
    [DataRow("there is no code and no setting 'Sheme'. Did you mean 'Scheme'?", "explain", "Sheme")]
    [DataRow("--batch is a whole number", "bench", "a.onnx", "--batch", "0")]
    [DataRow("--seconds is a number from 0 to 3600 with a decimal point, not '1,5'", "bench", "a.onnx", "--seconds", "1,5")]
    [DataRow("--layers is a number from 0", "compare", "a.onnx", "b.onnx", "--data", "x", "--layers", "-1")]
    public void WrongValue_IsWrongUsage(string error, params string[] arguments) =>
        ToolRun.Of(Path.GetTempPath(), arguments).Ended(ExitCode.WrongUsage).Says(error);

    [TestMethod]
    public void Nothing_ShowsHelpOnStandardError()
    {
        ToolRun run = ToolRun.Of(Path.GetTempPath()).Ended(ExitCode.WrongUsage);

        Assert.AreEqual("", run.Output);
        foreach (string command in Commands)
            run.Says($"  {command} ");
    }

    [TestMethod]
    public void Help_OfEveryCommand_TellsOptionsAndExitCodes()
    {
        foreach (string command in Commands)
        {
            ToolRun run = ToolRun.Of(Path.GetTempPath(), command, "--help").Ended(ExitCode.Success);
            StringAssert.Contains(run.Output, "--json");
            foreach ((int code, string meaning) in ExitCode.All)
                StringAssert.Contains(run.Output, $"{code,3}  {meaning}", command);
        }
    }

    [TestMethod]
    public void Version_IsTheVersionOfTheProgram() =>
        Assert.AreEqual("0.1.0", ToolRun.Of(Path.GetTempPath(), "--version").Ended(ExitCode.Success).Output.Trim());

    [TestMethod]
    public void Options_OfQuantize_AreAllSettingsOfModels()
    {
        string help = ToolRun.Of(Path.GetTempPath(), "quantize", "--help").Output;
        SettingDescriptor[] ofBuildsOnly =
            [SettingCatalogue.Namespace, SettingCatalogue.ClassName, SettingCatalogue.Visibility, SettingCatalogue.Variants];

        foreach (SettingDescriptor setting in SettingCatalogue.All.Where(setting => setting.IsAvailable && setting.Scope == SettingScope.Item))
            Assert.AreEqual(!ofBuildsOnly.Contains(setting), help.Contains($"  {SettingOptions.NameOf(setting)} <", StringComparison.Ordinal), setting.Name);
    }

    [TestMethod]
    public void NameOf_Setting_IsItsNameInKebabCase()
    {
        Assert.AreEqual("--calibration-data", SettingOptions.NameOf(SettingCatalogue.CalibrationData));
        Assert.AreEqual("--scheme", SettingOptions.NameOf(SettingCatalogue.Scheme));
    }
}
