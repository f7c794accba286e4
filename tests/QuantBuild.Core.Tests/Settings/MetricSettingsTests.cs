using QuantBuild.Diagnostics;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Settings;

[TestClass]
public sealed class MetricSettingsTests
{
    [TestMethod]
    [DataRow("top5", nameof(AccuracyMetric.TopN), 5)]
    [DataRow("Top1000", nameof(AccuracyMetric.TopN), 1000)]
    [DataRow("TOP1", nameof(AccuracyMetric.Top1), 1)]
    [DataRow("f1", nameof(AccuracyMetric.F1), 1)]
    [DataRow("WORDERRORRATE", nameof(AccuracyMetric.WordErrorRate), 1)]
    public void Resolve_Metric_IsReadInAnyCase(string written, string metric, int rank)
    {
        using SettingsProject project = new SettingsProject().WithModel("a.onnx", ("Metric", written));
        QuantizationSettings settings = project.ResolveOnly();
        Assert.AreEqual((Enum.Parse<AccuracyMetric>(metric), rank), (settings.Metric, settings.MetricRank));
    }

    [TestMethod]
    [DataRow("Top1001")]
    [DataRow("Top0")]
    [DataRow("TopN")]
    [DataRow("Customs")]
    [DataRow("F")]
    public void Resolve_NoSuchMetric_QB1002(string written)
    {
        using SettingsProject project = new SettingsProject().WithModel("a.onnx", ("Metric", written));
        Assert.IsEmpty(project.Resolve());
        Assert.AreEqual("QB1002", project.OnlyProblem.Code);
        StringAssert.Contains(project.OnlyProblem.Message, "TopN for any N from 2 to 1000");
    }

    [TestMethod]
    public void Resolve_CustomWithoutAClass_QB1004()
    {
        using SettingsProject project = new SettingsProject().WithFile("v.npz").WithModel("a.onnx", ("ValidationData", "v.npz"), ("Metric", "custom"));
        Assert.IsEmpty(project.Resolve());
        Assert.AreEqual("QB1004", project.OnlyProblem.Code);
        StringAssert.Contains(project.OnlyProblem.Message, "DataProvider is not set");
        Assert.AreEqual(new DiagnosticOrigin("a.onnx", "Metric"), project.OnlyProblem.Origin);
    }

    [TestMethod]
    [DataRow("MinAccuracy")]
    [DataRow("MaxError")]
    public void Resolve_CustomWithAClass_TakesLimitsOfBothDirections(string limit)
    {
        using SettingsProject project = new SettingsProject().WithFile("Samples.dll").WithModel(
            "a.onnx", ("DataProvider", "Samples.dll;Samples"), ("Metric", "Custom"), ("MaxAccuracyDrop", "3"), (limit, "40"));
        Assert.AreEqual(AccuracyMetric.Custom, project.ResolveOnly().Metric);
    }

    [TestMethod]
    [DataRow("Perplexity", "MinAccuracy", "0.9", "QB1004", "Set MaxError, the largest value allowed, instead")]
    [DataRow("Top1", "MaxError", "0.1", "QB1004", "Set MinAccuracy, the smallest value allowed, instead")]
    [DataRow("Auto", "MaxError", "0.1", "QB1004", "more is better with Metric=Auto")]
    [DataRow("SignalToNoise", "MaxAccuracyDrop", "3", "QB1004", "Set MinAccuracy, in decibels, instead")]
    [DataRow("Top5", "BlankClass", "Last", "QB1004", "only Metric=WordErrorRate decodes sequences")]
    [DataRow("F1", "MaxAccuracyDrop", "1.5", "QB1002", "'1.5' is not a valid value of MaxAccuracyDrop.")]
    [DataRow("CosineSimilarity", "MinAccuracy", "30", "QB1002", "'30' is not a valid value of MinAccuracy.")]
    public void Resolve_LimitThatTheMetricDoesNotHave_IsRefused(string metric, string setting, string value, string code, string text)
    {
        using SettingsProject project = new SettingsProject().WithFile("v.npz").WithModel("a.onnx", ("ValidationData", "v.npz"), ("Metric", metric), (setting, value));
        Assert.IsEmpty(project.Resolve());
        Assert.AreEqual(code, project.OnlyProblem.Code);
        StringAssert.Contains(project.OnlyProblem.Message, text);
        Assert.AreEqual(new DiagnosticOrigin("a.onnx", setting), project.OnlyProblem.Origin);
    }

    [TestMethod]
    [DataRow("Psnr", "MaxAccuracyDrop", "2.5")]
    [DataRow("SignalToNoise", "MinAccuracy", "30")]
    [DataRow("Perplexity", "MaxError", "13")]
    [DataRow("WordErrorRate", "MaxAccuracyDrop", "1.5")]
    [DataRow("WordErrorRate", "WordSeparator", "4")]
    [DataRow("KullbackLeibler", "MaxError", "1e-3")]
    public void Resolve_LimitInTheUnitOfTheMetric_IsTaken(string metric, string setting, string value)
    {
        using SettingsProject project = new SettingsProject().WithFile("v.npz").WithModel("a.onnx", ("ValidationData", "v.npz"), ("Metric", metric), (setting, value));
        project.ResolveOnly();
        Assert.IsEmpty(project.Problems.Diagnostics);
    }

    [TestMethod]
    [DataRow("First", 0)]
    [DataRow("last", -1)]
    [DataRow("32", 32)]
    public void Resolve_BlankClass_IsANumber(string written, int number)
    {
        using SettingsProject project = new SettingsProject().WithModel("a.onnx", ("Metric", "WordErrorRate"), ("BlankClass", written));
        Assert.AreEqual(number, project.ResolveOnly().BlankClass);
    }

    [TestMethod]
    public void Resolve_SlicesTwice_QB1004()
    {
        using SettingsProject project = new SettingsProject().WithFile("s.txt").WithModel("a.onnx", ("Slice", "camera"), ("SliceFile", "s.txt"));
        Assert.IsEmpty(project.Resolve());
        StringAssert.Contains(project.OnlyProblem.Message, "Slice names the slices already");
    }

    [TestMethod]
    public void Resolve_SliceFileThatIsNotThere_QB1003()
    {
        using SettingsProject project = new SettingsProject().WithModel("a.onnx", ("SliceFile", "s.txt"));
        Assert.IsEmpty(project.Resolve());
        Assert.AreEqual(DiagnosticCatalogue.FileNotFound, project.OnlyProblem.Descriptor);
    }
}
