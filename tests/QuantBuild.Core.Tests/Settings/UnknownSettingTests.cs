using QuantBuild.Diagnostics;

namespace QuantBuild.Core.Tests.Settings;

[TestClass]
public sealed class UnknownSettingTests
{
    [TestMethod]
    [DataRow("QuantBuildMaxAcuracyDrop", "Did you mean 'QuantBuildMaxAccuracyDrop'?")]
    [DataRow("QuantBuildmaxacuracydrop", "Did you mean 'QuantBuildMaxAccuracyDrop'?")]
    [DataRow("QuantBuildShceme", "Did you mean 'QuantBuildScheme'?")]
    [DataRow("QuantBuildCalibrationFile", "Did you mean 'QuantBuildCalibrationData'?")]
    [DataRow("QuantBuildEnable", "Did you mean 'QuantBuildEnabled'?")]
    [DataRow("QuantBuildTimeBudgets", "Did you mean 'QuantBuildTimeBudget'?")]
    [DataRow("QuantBuildSparsiti", "Did you mean 'QuantBuildSparsity'? It is not available in this version.")]
    [DataRow("QuantBuildZebra", "All settings are listed on the page docs/settings.md of the package.")]
    [DataRow("QuantBuild", "All settings are listed on the page docs/settings.md of the package.")]
    public void Resolve_UnknownProperty_NamesTheNearest(string name, string hint)
    {
        using SettingsProject project = new SettingsProject().WithProperty(name, "1");

        project.Resolve();

        Assert.AreEqual("QB1001", project.OnlyProblem.Code);
        Assert.AreEqual($"'{name}' is not a QuantBuild setting. {hint}", project.OnlyProblem.Message);
        Assert.AreEqual(new DiagnosticOrigin(null, name), project.OnlyProblem.Origin);
    }

    [TestMethod]
    [DataRow("ClasName", "Did you mean 'ClassName'?")]
    [DataRow("QuantBuildScheme", "On an item it is called 'Scheme'.")]
    [DataRow("QuantBuildClasName", "Did you mean 'ClassName'?")]
    [DataRow("Enabled", "It holds for the whole project: set the property 'QuantBuildEnabled'.")]
    [DataRow("QuantBuildEnabled", "It holds for the whole project: set the property 'QuantBuildEnabled'.")]
    [DataRow("Zebra", "All settings are listed on the page docs/settings.md of the package.")]
    public void Resolve_UnknownMetadata_NamesTheNearest(string name, string hint)
    {
        using SettingsProject project = new SettingsProject().WithModel("a.onnx", (name, "1"));

        Assert.IsEmpty(project.Resolve());

        Assert.AreEqual("QB1001", project.OnlyProblem.Code);
        Assert.EndsWith(hint, project.OnlyProblem.Message);
        Assert.AreEqual(new DiagnosticOrigin("a.onnx", name), project.OnlyProblem.Origin);
    }

    [TestMethod]
    public void Resolve_UnknownProperty_IsReportedOnceAndKeepsTheModels()
    {
        using SettingsProject project = new SettingsProject().WithProperty("QuantBuildZebra", "1").WithModel("a.onnx").WithModel("b.onnx");

        Assert.HasCount(2, project.Resolve());

        Assert.AreEqual("QB1001", project.OnlyProblem.Code);
    }

    [TestMethod]
    public void Resolve_MetadataOfIdes_IsTolerated()
    {
        using SettingsProject project = new SettingsProject()
            .WithModel("a.onnx", ("Link", "x"), ("Visible", "false"), ("copyToOutputDirectory", "Never"), ("SubType", "Designer"));

        project.ResolveOnly();
    }
}
