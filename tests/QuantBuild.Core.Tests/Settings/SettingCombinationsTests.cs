using QuantBuild.Diagnostics;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Settings;

[TestClass]
public sealed class SettingCombinationsTests
{
    [TestMethod]
    [DataRow("MaxAccuracyDrop")]
    [DataRow("MinAccuracy")]
    public void Resolve_LimitWithGateOffOnOneItem_IsRefused(string limit)
    {
        using SettingsProject project = new SettingsProject().WithModel("a.onnx", ("Gate", "Off"), (limit, "0.5"));

        Assert.IsEmpty(project.Resolve());

        Assert.AreEqual("QB1004", project.OnlyProblem.Code);
        Assert.AreEqual($"{limit} has no effect with Gate=Off: no limit is checked. Remove one of the two.", project.OnlyProblem.Message);
        Assert.AreEqual(new DiagnosticOrigin("a.onnx", limit), project.OnlyProblem.Origin);
    }

    [TestMethod]
    public void Resolve_LimitAndGateOffAsProperties_IsRefusedOnce()
    {
        using SettingsProject project = new SettingsProject()
            .WithProperty("QuantBuildGate", "Off").WithProperty("QuantBuildMinAccuracy", "0.9").WithModel("a.onnx").WithModel("b.onnx");

        project.Resolve();

        Assert.AreEqual("QB1004", project.OnlyProblem.Code);
        Assert.AreEqual(new DiagnosticOrigin(null, "QuantBuildMinAccuracy"), project.OnlyProblem.Origin);
        Assert.StartsWith("QuantBuildMinAccuracy has no effect with QuantBuildGate=Off", project.OnlyProblem.Message);
    }

    [TestMethod]
    public void Resolve_LimitOnItemAndGateOffAsProperty_IsRefused()
    {
        using SettingsProject project = new SettingsProject()
            .WithProperty("QuantBuildGate", "Off").WithModel("a.onnx", ("MinAccuracy", "0.9"));

        project.Resolve();

        Assert.AreEqual("QB1004", project.OnlyProblem.Code);
    }

    [TestMethod]
    [DataRow("reports", false)]
    [DataRow("reports/all.JSON", true)]
    public void Resolve_ReportsOfTwoModelsInOneFile_IsRefused(string report, bool isFile)
    {
        using SettingsProject project = new SettingsProject().WithProperty("QuantBuildReport", report).WithModel("a.onnx").WithModel("b.onnx");

        project.Resolve();

        if (!isFile)
        {
            Assert.IsEmpty(project.Problems.Diagnostics);
            return;
        }

        Assert.AreEqual("QB1004", project.OnlyProblem.Code);
        Assert.AreEqual(
            $"QuantBuildReport is the file '{report}', and the project has 2 models with a report each. Give a folder instead.", project.OnlyProblem.Message);
        Assert.AreEqual(new DiagnosticOrigin(null, "QuantBuildReport"), project.OnlyProblem.Origin);
    }

    [TestMethod]
    [DataRow("TRUE", "true")]
    [DataRow("false", "false")]
    [DataRow("reports/fashion.json", "reports/fashion.json")]
    [DataRow("reports/*.json", null)]
    [DataRow("a;b", null)]
    public void ReportTarget_Values_AreWordsOrOnePath(string text, string? read) =>
        Assert.AreEqual(read is null ? SettingReading.Invalid : SettingReading.Valid(read), SettingCatalogue.Report.Kind.Read(text));

    [TestMethod]
    public void Resolve_SettingsThatChangeNoModel_AreNotReported()
    {
        using SettingsProject project = new SettingsProject()
            .WithProperty("QuantBuildReport", "reports").WithProperty("QuantBuildEmbedInBinlog", "false").WithModel("a.onnx");

        Assert.IsEmpty(project.ResolveOnly().InForce.Where(setting => setting.Name is "QuantBuildReport" or "QuantBuildEmbedInBinlog"));
    }

    [TestMethod]
    public void Resolve_CompressionOfAModelBesideTheProgram_IsRefusedOnItsItem()
    {
        using SettingsProject project = new SettingsProject()
            .WithProperty("QuantBuildCompression", "Brotli").WithModel("a.onnx", ("Embed", "false")).WithModel("b.onnx").WithModel("c.onnx", ("Compression", "none"));

        Assert.AreEqual("False True False", string.Join(' ', project.Resolve().Select(settings => settings.IsPacked)));
        Assert.IsEmpty(project.Problems.Diagnostics);

        using SettingsProject contradicting = new SettingsProject().WithModel("a.onnx", ("Embed", "false"), ("Compression", "Brotli"));
        Assert.IsEmpty(contradicting.Resolve());
        Assert.AreEqual("QB1004", contradicting.OnlyProblem.Code);
        Assert.AreEqual(
            "Compression has no effect with Embed=false: ONNX Runtime maps the file into memory as it is. Remove one of the two.", contradicting.OnlyProblem.Message);
    }

    [TestMethod]
    public void Resolve_GateOffOnItemAndLimitAsProperty_SwitchesTheLimitOff()
    {
        using SettingsProject project = new SettingsProject()
            .WithProperty("QuantBuildMinAccuracy", "0.9").WithModel("a.onnx", ("Gate", "Off"));

        Assert.IsNull(project.ResolveOnly().MinAccuracy);
    }

    [TestMethod]
    [DataRow("Dynamic", "RangeEstimator", "MinMax")]
    [DataRow("Float16", "RangeEstimator", "MinMax")]
    [DataRow("Float16", "Storage", "Float32")]
    [DataRow("None", "ValidationData", "v.npz")]
    [DataRow("None", "CalibrationData", "v.npz")]
    [DataRow("None", "MaxAccuracyDrop", "0.5")]
    [DataRow("None", "MinAccuracy", "0.5")]
    [DataRow("None", "SampleLimit", "5")]
    [DataRow("None", "Metric", "Top1")]
    [DataRow("None", "RangeEstimator", "MinMax")]
    [DataRow("WeightOnly", "RangeEstimator", "MinMax")]
    [DataRow("Auto", "RangeEstimator", "MinMax")]
    [DataRow("Dynamic", "Objective", "Latency")]
    [DataRow("Float16", "Objective", "Latency")]
    [DataRow("WeightOnly", "Objective", "Latency")]
    [DataRow("Auto", "Objective", "Latency")]
    [DataRow("None", "Objective", "Latency")]
    [DataRow("None", "Storage", "Float16")]
    [DataRow("None", "ExcludedNodes", "a")]
    [DataRow("None", "ExcludedOperators", "Add")]
    public void Resolve_SettingThatTheSchemeDoesNotUse_IsRefused(string scheme, string name, string value)
    {
        using SettingsProject project = new SettingsProject().WithFile("v.npz").WithModel("a.onnx", ("Scheme", scheme), (name, value));

        Assert.IsEmpty(project.Resolve());

        Assert.AreEqual("QB1004", project.OnlyProblem.Code);
        Assert.AreEqual(new DiagnosticOrigin("a.onnx", name), project.OnlyProblem.Origin);
    }

    [TestMethod]
    public void Resolve_SchemeNoneAsPropertyOverItemsWithData_LeavesTheDataAlone()
    {
        using SettingsProject project = new SettingsProject()
            .WithProperty("QuantBuildScheme", "None").WithModel("a.onnx", ("CalibrationData", "absent.npz"), ("RangeEstimator", "Auto"));

        QuantizationSettings settings = project.ResolveOnly();

        Assert.AreEqual(QuantizationScheme.None, settings.Scheme);
        Assert.IsNull(settings.CalibrationData);
    }

    [TestMethod]
    public void Resolve_LimitWithoutAnyData_IsRefusedForEachModel()
    {
        using SettingsProject project = new SettingsProject().WithFile("c.npz")
            .WithProperty("QuantBuildMaxAccuracyDrop", "0.01")
            .WithModel("a.onnx").WithModel("b.onnx").WithModel("c.onnx", ("CalibrationData", "c.npz"));

        Assert.AreEqual("c.onnx", project.Resolve().Single().DisplayPath);

        CollectionAssert.AreEqual(new[] { "QB1004", "QB1004" }, project.Codes.ToArray());
        Assert.AreEqual(new DiagnosticOrigin("a.onnx"), project.Problems.Diagnostics[0].Origin);
        Assert.AreEqual(
            "QuantBuildMaxAccuracyDrop cannot be checked for 'a.onnx', which has neither CalibrationData nor ValidationData. "
            + "Set one of them, or Gate=Off on the item.",
            project.Problems.Diagnostics[0].Message);
    }

    [TestMethod]
    public void Resolve_ValidationOnTheCalibrationFile_IsRefused()
    {
        using SettingsProject project = new SettingsProject().WithFile("Data/c.npz")
            .WithModel("a.onnx", ("CalibrationData", "Data/c.npz"), ("ValidationData", "Data/../Data/c.npz"));

        Assert.IsEmpty(project.Resolve());

        Assert.AreEqual("QB1004", project.OnlyProblem.Code);
        Assert.AreEqual(new DiagnosticOrigin("a.onnx", "ValidationData"), project.OnlyProblem.Origin);
    }

    [TestMethod]
    public void Resolve_StaticWithoutCalibrationData_IsRefused()
    {
        using SettingsProject project = new SettingsProject().WithFile("v.npz")
            .WithModel("a.onnx", ("Scheme", "Static"), ("ValidationData", "v.npz"));

        Assert.IsEmpty(project.Resolve());

        Assert.AreEqual("QB1007", project.OnlyProblem.Code);
        Assert.AreEqual(new DiagnosticOrigin("a.onnx", "Scheme"), project.OnlyProblem.Origin);
    }

    [TestMethod]
    public void Resolve_StaticAsProperty_NamesEachModelWithoutCalibrationData()
    {
        using SettingsProject project = new SettingsProject().WithFile("c.npz").WithProperty("QuantBuildScheme", "Static")
            .WithModel("a.onnx").WithModel("b.onnx", ("CalibrationData", "c.npz")).WithModel("c.onnx");

        project.Resolve();

        CollectionAssert.AreEqual(new[] { "QB1007", "QB1007" }, project.Codes.ToArray());
        Assert.AreEqual(new DiagnosticOrigin("c.onnx"), project.Problems.Diagnostics[1].Origin);
    }
}
