using System.Globalization;
using System.Text.Json;
using QuantBuild.Caching;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Pipeline;

/// <summary>The generated class knows of its model what the report says.</summary>
[TestClass]
public sealed class MeasuredConstantsTests
{
    [TestMethod]
    public void Quantize_Digits_ConstantsAreThoseOfFilesAndReport()
    {
        using PipelineProject project = PipelineProject.Digits(("Scheme", "Static"), ("MaxAccuracyDrop", "0.25")).QuantizeAll();

        JsonElement accuracy = project.Report("digits").GetProperty("accuracy");
        Assert.AreEqual(ContentHash.OfFile(project.Output("digits.onnx")), Text(project, "ModelSha256"));
        Assert.AreEqual(ContentHash.OfFile(project.Models[0].Path), Text(project, "SourceSha256"));
        Assert.AreEqual(new FileInfo(project.Output("digits.onnx")).Length, Number(project, "ModelSizeBytes"));
        Assert.AreEqual(new FileInfo(project.Models[0].Path).Length, Number(project, "SourceSizeBytes"));
        Assert.AreEqual(accuracy.GetProperty("float").GetDouble(), Number(project, "FloatAccuracy"));
        Assert.AreEqual(accuracy.GetProperty("quantized").GetDouble(), Number(project, "QuantizedAccuracy"));
        Assert.AreEqual(accuracy.GetProperty("drop").GetDouble(), Number(project, "AccuracyDrop"));
        Assert.AreEqual(accuracy.GetProperty("samples").GetInt64(), Number(project, "AccuracySampleCount"));
        Assert.AreEqual(0.25, Number(project, "MaxAccuracyDrop"));
        Assert.AreEqual("double.NaN", Value(project, "MinAccuracy"));
        Assert.AreEqual("Top1", Text(project, "AccuracyMetric"));
        Assert.AreEqual("Static", Text(project, "Scheme"));
        Assert.IsGreaterThanOrEqualTo(13, Number(project, "Opset"));
    }

    [TestMethod]
    public void Quantize_ResultOfTheCacheWithAnotherLimit_ConstantsHaveTheLimit()
    {
        using var cache = new TemporaryFolder();
        using PipelineProject project = PipelineProject.Digits(("Scheme", "Static")).QuantizeAll(("QuantBuildCacheDirectory", cache.Path));
        string first = File.ReadAllText(project.Output("digits.metadata.g.cs"));

        project.QuantizeAll(("QuantBuildCacheDirectory", cache.Path), ("QuantBuildMaxAccuracyDrop", "0.125"));

        string second = File.ReadAllText(project.Output("digits.metadata.g.cs"));
        Assert.IsTrue(project.Report("digits").GetProperty("fromCache").GetBoolean());
        Assert.AreEqual(first.Replace("MaxAccuracyDrop = double.NaN", "MaxAccuracyDrop = 0.125", StringComparison.Ordinal), second);
        Assert.AreNotEqual(first, second);
    }

    [TestMethod]
    public void Quantize_ModelIsRejected_ConstantsOfTheFormerOneAreGone()
    {
        using PipelineProject project = PipelineProject.Digits(("Scheme", "Static")).QuantizeAll();
        Assert.AreNotEqual("", Text(project, "ModelSha256"));

        ProjectResult result = project.Quantize(("QuantBuildMinAccuracy", "1"));

        Assert.IsFalse(result.Succeeded);
        Assert.AreEqual("", Text(project, "ModelSha256"));
        Assert.AreEqual(0, Number(project, "QuantizedAccuracy"));
    }

    private static string Text(PipelineProject project, string name) => Value(project, name).Trim('"');

    private static double Number(PipelineProject project, string name) => double.Parse(Value(project, name), CultureInfo.InvariantCulture);

    private static string Value(PipelineProject project, string name) => File.ReadLines(project.Output("digits.metadata.g.cs"))
        .Single(line => line.Contains(" " + name + " = ", StringComparison.Ordinal)).Split(" = ")[1].TrimEnd(';');
}
