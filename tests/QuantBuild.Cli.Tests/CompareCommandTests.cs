using System.Text.Json;
using QuantBuild.Cli.CommandLine;
using QuantBuild.Testing;

namespace QuantBuild.Cli.Tests;

[TestClass]
public sealed class CompareCommandTests
{
    [TestMethod]
    public void QuantizedModel_LayersAreFoundByItsReport_WorstFirst()
    {
        Digits.Run.Ended(ExitCode.Success);

        JsonElement result = ToolRun.Of(Digits.Folder, "compare", Digits.Model, Digits.Quantized, "--data", Digits.Data, "--json").Ended(ExitCode.Success).Result;

        Assert.AreEqual("report", result.GetProperty("names").GetString());
        JsonElement output = result.GetProperty("outputs")[0];
        Assert.IsTrue(output.GetProperty("sqnrDecibels").GetDouble() is > 15 and < 80, output.GetRawText());
        Assert.IsTrue(output.GetProperty("cosineSimilarity").GetDouble() > 0.98);
        Assert.IsTrue(output.GetProperty("agreement").GetDouble() > 0.95);
        double[] decibels = [.. result.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("sqnrDecibels").GetDouble())];
        Assert.IsTrue(decibels.Length >= 3, result.GetRawText());
        CollectionAssert.AreEqual(decibels.Order().ToArray(), decibels);
        Assert.IsTrue(decibels[0] > 10, "values of other layers would have nothing in common");
    }

    [TestMethod]
    public void SameModel_IsEqualLayerByLayer()
    {
        JsonElement result = ToolRun.Of(Digits.Folder, "compare", Digits.Model, Digits.Model, "--data", Digits.Data, "--json").Ended(ExitCode.Success).Result;

        Assert.AreEqual("equal names", result.GetProperty("names").GetString());
        Assert.IsTrue(result.GetProperty("layers").GetArrayLength() >= 3);
        foreach (JsonElement value in result.GetProperty("layers").EnumerateArray().Append(result.GetProperty("outputs")[0]))
        {
            Assert.IsTrue(value.GetProperty("isEqual").GetBoolean(), value.GetRawText());
            Assert.AreEqual(JsonValueKind.Null, value.GetProperty("sqnrDecibels").ValueKind);
        }
    }

    [TestMethod]
    public void ReportOfAnotherModel_IsNotUsed()
    {
        using var folder = new TemporaryFolder();
        Digits.Run.Ended(ExitCode.Success);
        File.Copy(Path.Combine(Digits.Folder, Digits.Model), folder.File("b.onnx"));
        File.Copy(Path.Combine(Digits.Folder, "digits.quantized.report.json"), folder.File("b.report.json"));

        ToolRun run = ToolRun.Of(Digits.Folder, "compare", Digits.Model, folder.File("b.onnx"), "--data", Digits.Data, "--layers", "1").Ended(ExitCode.Success);

        run.Says("is the report of another model");
        StringAssert.Contains(run.Output, "matched by equal names");
    }

    [TestMethod]
    public void DataOfAnotherShape_IsSaidWithACode()
    {
        using var folder = new TemporaryFolder();
        NpzWriter.Write(folder.File("other.npz"), NamedArray.Of("image", [8, 3, 5], new float[120]));

        ToolRun.Of(Digits.Folder, "compare", Digits.Model, Digits.Model, "--data", folder.File("other.npz")).Ended(ExitCode.Problem).Says("error QB4");
    }
}
