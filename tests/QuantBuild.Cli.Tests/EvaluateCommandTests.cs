using System.Text.Json;
using QuantBuild.Cli.CommandLine;

namespace QuantBuild.Cli.Tests;

[TestClass]
public sealed class EvaluateCommandTests
{
    [TestMethod]
    public void Alone_OnLabels_GivesTheAccuracy()
    {
        JsonElement result = ToolRun.Of(Digits.Folder, "evaluate", Digits.Model, "--data", Digits.Data, "--json").Ended(ExitCode.Success).Result;

        Assert.AreEqual("Top1", result.GetProperty("metric").GetString());
        Assert.IsTrue(result.GetProperty("value").GetDouble() is > 0.9 and <= 1);
        Assert.AreEqual(1024, result.GetProperty("samples").GetInt64());
        Assert.AreEqual(JsonValueKind.Null, result.GetProperty("drop").ValueKind);
    }

    [TestMethod]
    public void AgainstTheFloatModel_GivesTheDropOfTheSameSamples()
    {
        Digits.Run.Ended(ExitCode.Success);

        JsonElement result = ToolRun.Of(Digits.Folder, "evaluate", Digits.Quantized, "--data", Digits.Data, "--against", Digits.Model, "--json")
            .Ended(ExitCode.Success).Result;

        double value = result.GetProperty("value").GetDouble();
        Assert.AreEqual(result.GetProperty("float").GetDouble() - value, result.GetProperty("drop").GetDouble(), 1e-12);
        double[] interval = [.. result.GetProperty("dropInterval").EnumerateArray().Select(end => end.GetDouble())];
        Assert.IsTrue(interval[0] <= result.GetProperty("drop").GetDouble() && result.GetProperty("drop").GetDouble() <= interval[1]);
        Assert.IsTrue(result.GetProperty("sqnrDecibels").GetDouble() > 15);
    }

    [TestMethod]
    public void LimitNotKept_HasAnExitCodeOfItsOwn()
    {
        Digits.Run.Ended(ExitCode.Success);

        ToolRun gate = ToolRun.Of(
            Digits.Folder, "evaluate", Digits.Quantized, "--data", Digits.Data, "--against", Digits.Model, "--metric", "signaltonoise", "--min-accuracy", "130", "--json");
        gate.Ended(ExitCode.GateFailed).Says("error QB7002");
        Assert.IsFalse(gate.Result.GetProperty("passed").GetBoolean());
    }

    [TestMethod]
    public void DataWithoutTargets_IsSaidWithACode() =>
        ToolRun.Of(Digits.Folder, "evaluate", Digits.Model, "--data", Digits.Data, "--metric", "MeanSquaredError").Ended(ExitCode.Problem).Says("error QB4023");

    [TestMethod]
    [DataRow("--metric", "CosineSimilarity", "compares with the float model: give that with --against")]
    [DataRow("--max-accuracy-drop", "0.1", "give that with --against")]
    public void NeedsTheFloatModel_IsWrongUsage(string option, string value, string error) =>
        ToolRun.Of(Digits.Folder, "evaluate", Digits.Model, "--data", Digits.Data, option, value).Ended(ExitCode.WrongUsage).Says(error);
}
