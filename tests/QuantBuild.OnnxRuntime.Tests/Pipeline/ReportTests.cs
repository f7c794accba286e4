using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;
using QuantBuild.Reporting;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Pipeline;

/// <summary>What the reports of real builds hold.</summary>
[TestClass]
public sealed class ReportTests
{
    [TestMethod]
    public void Quantize_Static_ReportHasHistogramsOfActivationsAndWeights()
    {
        using PipelineProject project = PipelineProject.Digits(("Scheme", "Static"), ("MaxAccuracyDrop", "0.02"));
        QuantizationReport report = Quantized(project);

        Assert.AreEqual(ReportJson.Schema, report.Schema);
        CollectionAssert.AreEqual(new[] { "CalibrationData", "MaxAccuracyDrop", "Scheme" }, report.WrittenSettings!.Except(["QuantBuildCacheDirectory"]).ToArray());
        foreach (ActivationReport activation in report.Activations.Where(activation => activation.SharesParametersOf is null))
        {
            HistogramReport seen = activation.Histogram!;
            Assert.IsTrue(seen.Counts.Count is > 1 and <= Histograms.MostBins, activation.Name);
            Assert.IsTrue(seen.From <= activation.Minimum && activation.Maximum <= seen.To, activation.Name);
            Assert.IsTrue(seen.Counts[0] > 0 && seen.Counts.All(count => count >= 0), activation.Name);
        }
        Assert.IsNotEmpty(report.Weights);
        foreach (WeightReport weight in report.Weights)
        {
            Assert.AreEqual(("Int8", (bool?)null), (weight.Type, weight.ComputesInFloat), weight.Name);
            Assert.AreEqual(weight.Values, weight.Float!.Counts.Sum(), weight.Name);
            Assert.AreEqual(weight.Values, weight.Quantized!.Counts.Sum(), weight.Name);
            Assert.AreEqual(weight.Scales.Count, weight.ScaleCount, weight.Name);
            Assert.IsTrue(weight.SqnrDecibels is > 20 and < 70, $"{weight.Name}: {weight.SqnrDecibels}");
        }
        foreach (NodeReport node in report.Nodes.Where(node => node.Weights == "int8"))
            Assert.IsTrue(node.WeightBytes > 0, node.Name);
    }

    [TestMethod]
    public void Quantize_WeightsInFloat_ReportHasTheTypeOfTheFile()
    {
        using PipelineProject eight = PipelineProject.Digits(("Scheme", "WeightOnly"));
        using PipelineProject four = PipelineProject.Digits(("Scheme", "WeightOnly"), ("WeightType", "Int4"));
        QuantizationReport of8 = Quantized(eight);
        QuantizationReport of4 = Quantized(four);

        Assert.IsNotEmpty(of8.Weights);
        Assert.IsTrue(of8.Weights.All(weight => weight is { Type: "Int8", ComputesInFloat: true, SqnrDecibels: > 25 }));
        WeightReport[] few = [.. of4.Weights.Where(weight => weight.Type == "Int4")];
        Assert.IsNotEmpty(few);
        foreach (WeightReport weight in few)
        {
            Assert.IsTrue(weight.SqnrDecibels is > 5 and < 40, $"{weight.Name}: {weight.SqnrDecibels}");
            Assert.IsTrue(weight.ScaleCount > 1, weight.Name);
        }
        Assert.IsTrue(
            of4.Nodes.Sum(node => node.WeightBytes) < of8.Nodes.Sum(node => node.WeightBytes), "Four bits are fewer than eight.");
    }

    [TestMethod]
    [DataRow("Static")]
    [DataRow("Dynamic")]
    [DataRow("None")]
    public void Quantize_AnyScheme_ReportFitsTheSchemaAndPageIsBesideIt(string scheme)
    {
        using PipelineProject project = scheme == "None"
            ? new PipelineProject().WithModel("digits", TestModels.Digits(), ("Scheme", scheme))
            : PipelineProject.Digits(("Scheme", scheme));
        Quantized(project);

        using JsonDocument report = JsonDocument.Parse(File.ReadAllBytes(project.Output("digits.report.json")));
        JsonNode schema = JsonNode.Parse(File.ReadAllText(Path.Combine(RepositoryFolder.Find(), "src/QuantBuild/docs/report.schema.json")))!;
        Assert.AreEqual("", string.Join('\n', JsonSchemaWalker.Problems(report.RootElement, schema)));
        using var reader = XmlReader.Create(project.Output("digits.report.html"), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        XElement page = XElement.Load(reader);
        StringAssert.Contains(page.Descendants("h1").Single().Value, "digits.onnx");
        StringAssert.Contains(page.Value, scheme);
    }

    private static QuantizationReport Quantized(PipelineProject project)
    {
        ProjectResult result = project.Quantize();
        Assert.IsTrue(result.Succeeded, string.Join('\n', result.Diagnostics.Select(diagnostic => diagnostic.Message)));
        return ReportJson.Read(File.ReadAllBytes(project.Output("digits.report.json")));
    }
}
