using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Pipeline;

/// <summary>A result is made once per content, and every project gets the same files from it.</summary>
[TestClass]
public sealed class CachedResultTests
{
    [TestMethod]
    public void Quantize_SameContentInAnotherProject_SameFilesWithoutWork()
    {
        using var cache = new TemporaryFolder();
        using PipelineProject first = PipelineProject.Digits();
        using PipelineProject second = PipelineProject.Digits(("Scheme", "Static"), ("MaxAccuracyDrop", "0.5"), ("ClassName", "Other"));

        Assert.IsFalse(FromCache(first, cache));
        Assert.IsTrue(FromCache(second, cache), "Limits and names decide nothing about the model.");

        CollectionAssert.AreEqual(File.ReadAllBytes(first.Output("digits.onnx")), File.ReadAllBytes(second.Output("digits.onnx")));
        Assert.AreEqual(0.5, second.Report("digits").GetProperty("accuracy").GetProperty("maxAccuracyDrop").GetDouble());
        Assert.AreEqual("Other", second.Report("digits").GetProperty("settings").GetProperty("ClassName").GetString());
        Assert.AreEqual(
            first.Report("digits").GetProperty("accuracy").GetProperty("quantized").GetDouble(),
            second.Report("digits").GetProperty("accuracy").GetProperty("quantized").GetDouble());
    }

    [TestMethod]
    [DataRow("RangeEstimator", "MinMax")]
    [DataRow("SampleLimit", "100")]
    [DataRow("Metric", "CosineSimilarity")]
    [DataRow("Scheme", "WeightOnly")]
    public void Quantize_OtherSetting_IsMadeAnewAndTheLogSaysWhy(string setting, string value)
    {
        using var cache = new TemporaryFolder();
        using PipelineProject first = PipelineProject.Digits();
        using PipelineProject second = PipelineProject.Digits((setting, value));
        FromCache(first, cache);

        ProjectResult result = second.Quantize(In(cache));

        Assert.IsFalse(second.Report("digits").GetProperty("fromCache").GetBoolean());
        CollectionAssert.Contains(result.Models.Single().Notes.ToArray(), $"not in the cache: the nearest result has another {setting}");
    }

    [TestMethod]
    public void Quantize_CachedModelThatFailsTheGate_FailsAgainWithoutWork()
    {
        using var cache = new TemporaryFolder();
        using PipelineProject passing = PipelineProject.Digits();
        using PipelineProject failing = PipelineProject.Digits(("Scheme", "Static"), ("MinAccuracy", "1"));
        FromCache(passing, cache);

        ProjectResult result = failing.Quantize(In(cache));

        CollectionAssert.Contains(PipelineProject.Errors(result), "QB7002");
        Assert.IsFalse(File.Exists(failing.Output("digits.onnx")));
        CollectionAssert.AreEqual(File.ReadAllBytes(passing.Output("digits.onnx")), File.ReadAllBytes(failing.Output("digits.rejected.onnx")));
        Assert.IsTrue(failing.Report("digits").GetProperty("fromCache").GetBoolean());
    }

    [TestMethod]
    public void Quantize_WarningOfTheFirstRun_IsToldAgainWithTheNamesOfTheProject()
    {
        using var cache = new TemporaryFolder();
        using PipelineProject first = PipelineProject.Digits(("SampleLimit", "20"));
        using PipelineProject second = new PipelineProject().WithModel(
            "renamed", TestModels.Digits(), ("CalibrationData", PipelineProject.DigitsData), ("SampleLimit", "20"));

        ProjectResult made = first.Quantize(In(cache));
        ProjectResult found = second.Quantize(In(cache));

        Assert.IsTrue(second.Report("renamed").GetProperty("fromCache").GetBoolean());
        CollectionAssert.Contains(PipelineProject.Codes(made), "QB4006");
        CollectionAssert.AreEqual(PipelineProject.Codes(made), PipelineProject.Codes(found));
        CollectionAssert.AreEqual(
            made.Diagnostics.Select(diagnostic => diagnostic.Message.Replace("digits.onnx", "renamed.onnx", StringComparison.Ordinal)).ToArray(),
            found.Diagnostics.Select(diagnostic => diagnostic.Message).ToArray());
        Assert.IsTrue(found.Diagnostics.All(diagnostic => diagnostic.Origin?.Model is null or "renamed.onnx"));
    }

    [TestMethod]
    public void Quantize_DamagedEntry_IsMadeAnew()
    {
        using var cache = new TemporaryFolder();
        using PipelineProject first = PipelineProject.Digits();
        using PipelineProject second = PipelineProject.Digits();
        FromCache(first, cache);
        string stored = Directory.GetFiles(cache.Path, "model.onnx", SearchOption.AllDirectories).Single();
        File.WriteAllBytes(stored, [.. File.ReadAllBytes(stored).Reverse()]);

        Assert.IsFalse(FromCache(second, cache));

        CollectionAssert.AreEqual(File.ReadAllBytes(first.Output("digits.onnx")), File.ReadAllBytes(second.Output("digits.onnx")));
    }

    [TestMethod]
    public void Quantize_ModelEditedMeanwhile_IsNotPublishedAndNotRecorded()
    {
        using var cache = new TemporaryFolder();
        using PipelineProject project = PipelineProject.Digits();
        string model = project.Models.Single().Path;
        bool edited = false;

        ProjectResult result = project.Quantize(
            progress =>
            {
                if (progress.Stage == "evaluate" && !edited)
                    File.WriteAllBytes(model, [.. File.ReadAllBytes(model), 0xFA, 0x01, 0x00]);
                edited |= progress.Stage == "evaluate";
            },
            In(cache));

        Assert.IsTrue(edited);
        Assert.IsNull(result.Models.Single().Inputs);
        CollectionAssert.Contains(result.Models.Single().Notes.ToArray(), "not put into the cache: an input changed meanwhile");
        Assert.IsEmpty(Directory.GetFiles(cache.Path, "model.onnx", SearchOption.AllDirectories));
    }

    private static bool FromCache(PipelineProject project, TemporaryFolder cache) =>
        project.QuantizeAll(In(cache)).Report("digits").GetProperty("fromCache").GetBoolean();

    private static (string, string) In(TemporaryFolder cache) => ("QuantBuildCacheDirectory", cache.File("cache"));
}
