using System.Text.Json;
using QuantBuild.Cli.CommandLine;

namespace QuantBuild.Cli.Tests;

[TestClass]
public sealed class InspectCommandTests
{
    [TestMethod]
    public void FloatModel_OperatorsConstantsAndPlacementAddUp()
    {
        JsonElement result = ToolRun.Of(Digits.Folder, "inspect", Digits.Model, "--data", Digits.Data, "--json").Ended(ExitCode.Success).Result;

        Assert.AreEqual("data", result.GetProperty("placement").GetProperty("basis").GetString());
        JsonElement[] nodes = [.. result.GetProperty("placement").GetProperty("nodes").EnumerateArray()];
        JsonElement[] groups = [.. result.GetProperty("placement").GetProperty("groups").EnumerateArray()];
        Assert.AreEqual(nodes.Length, groups.Sum(group => group.GetProperty("nodes").GetInt32()));
        JsonElement integers = groups.Single(group => group.GetProperty("runs").GetString() == "integers");
        Assert.IsTrue(integers.GetProperty("operators").GetProperty("Conv").GetInt32() > 0);
        JsonElement conv = nodes.First(node => node.GetProperty("operator").GetString() == "Conv");
        Assert.AreEqual(4, conv.GetProperty("shape").GetArrayLength());
        Assert.IsTrue(conv.GetProperty("multiplyAdds").GetInt64() > 0);
        long parameters = result.GetProperty("constants").EnumerateArray().Sum(constant => constant.GetProperty("parameters").GetInt64());
        Assert.AreEqual(parameters, result.GetProperty("parameters").GetInt64());
        Assert.IsTrue(4 * parameters < result.GetProperty("bytes").GetInt64());
        Assert.AreEqual(
            parameters, result.GetProperty("operators").EnumerateArray().Sum(row => row.GetProperty("parameters").GetInt64()), "every constant has a reader");
    }

    [TestMethod]
    public void WithoutData_InputsAreMadeUp_AndThePlanIsTheSame()
    {
        JsonElement without = ToolRun.Of(Digits.Folder, "inspect", Digits.Model, "--json").Ended(ExitCode.Success).Result.GetProperty("placement");
        JsonElement with = ToolRun.Of(Digits.Folder, "inspect", Digits.Model, "--data", Digits.Data, "--json").Result.GetProperty("placement");

        Assert.AreEqual("made-up inputs", without.GetProperty("basis").GetString());
        Assert.AreEqual(with.GetProperty("groups").GetRawText(), without.GetProperty("groups").GetRawText());
    }

    [TestMethod]
    public void Exclusions_AreFloatWithTheReason()
    {
        JsonElement placement = ToolRun.Of(Digits.Folder, "inspect", Digits.Model, "--excluded-operators", "Conv", "--json")
            .Ended(ExitCode.Success).Result.GetProperty("placement");

        foreach (JsonElement conv in placement.GetProperty("nodes").EnumerateArray().Where(node => node.GetProperty("operator").GetString() == "Conv"))
        {
            Assert.AreEqual("float", conv.GetProperty("runs").GetString());
            StringAssert.Contains(conv.GetProperty("reason").GetString(), "ExcludedOperators");
        }
    }

    [TestMethod]
    public void OtherScheme_OtherPlan()
    {
        JsonElement placement = ToolRun.Of(Digits.Folder, "inspect", Digits.Model, "--scheme", "weightonly", "--json").Ended(ExitCode.Success).Result.GetProperty("placement");

        Assert.AreEqual("WeightOnly", placement.GetProperty("scheme").GetString());
        Assert.IsTrue(placement.GetProperty("nodes").EnumerateArray().All(node => node.GetProperty("runs").GetString() == "float"));
    }

    [TestMethod]
    public void UnknownScheme_IsSaidWithACode() =>
        ToolRun.Of(Digits.Folder, "inspect", Digits.Model, "--scheme", "Statik").Ended(ExitCode.Problem).Says("error QB1002: 'Statik' is not a valid value of Scheme. Did you mean 'Static'?");

    [TestMethod]
    public void QuantizedModel_IsShownWithoutAPlan()
    {
        ToolRun run = ToolRun.Of(Digits.Folder, "inspect", Digits.Run.Ended(ExitCode.Success).Result.GetProperty("output").GetString()!);

        StringAssert.Contains(run.Ended(ExitCode.Success).Output, "quantized already: it has the operator");
        StringAssert.Contains(run.Output, "int8");
    }
}
