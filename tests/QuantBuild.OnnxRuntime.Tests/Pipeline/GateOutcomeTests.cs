using QuantBuild.Diagnostics;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Pipeline;

[TestClass]
public sealed class GateOutcomeTests
{
    /// <summary>No quantized model has exactly the outputs of its float form.</summary>
    private static readonly (string Name, string Value)[] Impossible = [("Scheme", "Static"), ("Metric", "CosineSimilarity"), ("MinAccuracy", "1")];

    [TestMethod]
    public void Quantize_GateFails_RejectedModelStandsAsideAndNoneInItsPlace()
    {
        using PipelineProject project = PipelineProject.Digits().QuantizeAll();
        byte[] passed = File.ReadAllBytes(project.Output("digits.onnx"));

        ProjectResult result = Demand(project, Impossible).Quantize();

        CollectionAssert.AreEqual(new[] { "QB7002" }, PipelineProject.Errors(result));
        Assert.IsFalse(File.Exists(project.Output("digits.onnx")));
        CollectionAssert.AreEqual(passed, File.ReadAllBytes(project.Output("digits.rejected.onnx")));
        Assert.IsFalse(project.Report("digits").GetProperty("accuracy").GetProperty("passed").GetBoolean());
        StringAssert.Contains(result.Diagnostics[^1].Message, "digits.rejected.onnx");
        Assert.MatchesRegex(@"Lowest signal-to-noise ratio: '[^']+' \(\w+, \d+\.\d dB\), '[^']+' \(\w+, \d+\.\d dB\), '", result.Diagnostics[^1].Message);
    }

    [TestMethod]
    public void Quantize_GatePassesAgain_RejectedModelGoes()
    {
        using PipelineProject project = PipelineProject.Digits(Impossible);
        Assert.IsFalse(project.Quantize().Succeeded);

        Demand(project).QuantizeAll();

        Assert.IsTrue(File.Exists(project.Output("digits.onnx")));
        Assert.IsFalse(File.Exists(project.Output("digits.rejected.onnx")));
    }

    [TestMethod]
    public void Quantize_GateWarning_ShipsAndNamesNoRejectedFile()
    {
        using PipelineProject project = PipelineProject.Digits([("Gate", "Warning"), .. Impossible]);

        ProjectResult result = project.Quantize();

        Diagnostic warning = result.Diagnostics.Single(diagnostic => diagnostic.Code == "QB7002");
        Assert.AreEqual(DiagnosticSeverity.Warning, warning.Severity);
        Assert.IsFalse(warning.Message.Contains("rejected", StringComparison.Ordinal), warning.Message);
        Assert.IsTrue(result.Succeeded);
        Assert.IsTrue(File.Exists(project.Output("digits.onnx")));
    }

    [TestMethod]
    public void Quantize_JustInsideTheLimit_Passes()
    {
        using PipelineProject measured = PipelineProject.Digits(("Metric", "CosineSimilarity")).QuantizeAll();
        double reached = measured.Report("digits").GetProperty("accuracy").GetProperty("quantized").GetDouble();

        Demand(measured, ("Scheme", "Static"), ("Metric", "CosineSimilarity"), ("MinAccuracy", reached.ToString("R", System.Globalization.CultureInfo.InvariantCulture)))
            .QuantizeAll();
    }

    private static PipelineProject Demand(PipelineProject project, params (string Name, string Value)[] metadata) =>
        project.WithModel("digits", TestModels.Digits(), [("CalibrationData", PipelineProject.DigitsData), .. metadata]);
}
