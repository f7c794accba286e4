using QuantBuild.Diagnostics;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Settings;

[TestClass]
public sealed class GeneratedNamesTests
{
    [TestMethod]
    [DataRow("fashion", "Fashion")]
    [DataRow("fashion-mobilenet", "FashionMobilenet")]
    [DataRow("my_model.v2", "MyModelV2")]
    [DataRow("resNet50", "ResNet50")]
    [DataRow("1x", "_1x")]
    [DataRow("class", "Class")]
    [DataRow("---", "Model")]
    [DataRow("e\u0301tage", "\u00c9tage")]
    [DataRow("x\ud800y", "XY")]
    [DataRow("x\ufffey\ufdd0", "XY")]
    [DataRow("a\"; b", "AB")]
    public void ClassNameOf_FileNames_ArePascalCase(string fileName, string className)
    {
        Assert.AreEqual(className, GeneratedNames.ClassNameOf(fileName));
        Assert.IsTrue(GeneratedNames.IsClassName(className));
    }

    [TestMethod]
    [DataRow("my-app.1", "my_app._1")]
    [DataRow("Shop.Vision", "Shop.Vision")]
    [DataRow("", "")]
    public void NamespaceOf_RootNamespaces_BecomeValid(string rootNamespace, string expected) =>
        Assert.AreEqual(expected, GeneratedNames.NamespaceOf(rootNamespace));

    [TestMethod]
    [DataRow("ClassName", "1a")]
    [DataRow("ClassName", "My Class")]
    [DataRow("ClassName", "Shop.Fashion")]
    [DataRow("ClassName", "A;}class B{")]
    [DataRow("Namespace", "Shop..Vision")]
    [DataRow("Namespace", "Shop.1")]
    public void Resolve_NameThatCSharpDoesNotAllow_IsRefused(string setting, string value)
    {
        using SettingsProject project = new SettingsProject().WithModel("a.onnx", (setting, value));

        Assert.IsEmpty(project.Resolve());

        Assert.AreEqual("QB8001", project.OnlyProblem.Code);
        Assert.AreEqual(new DiagnosticOrigin("a.onnx", setting), project.OnlyProblem.Origin);
    }

    [TestMethod]
    public void Resolve_NamesThatCSharpAllows_AreTaken()
    {
        using SettingsProject project = new SettingsProject().WithModel("a.onnx", ("ClassName", "_Mód3l"), ("Namespace", "Shop.Vision"));

        QuantizationSettings settings = project.ResolveOnly();

        Assert.AreEqual("Shop.Vision._Mód3l", $"{settings.Namespace}.{settings.ClassName}");
    }

    [TestMethod]
    [DataRow("one/a.onnx", "two/a.onnx", "Shop.A")]
    [DataRow("a-b.onnx", "a_b.onnx", "Shop.AB")]
    [DataRow("a.onnx", "a-output.onnx", "Shop.AOutput")]
    public void Resolve_TwoModelsWithOneClass_AreRefused(string first, string second, string fullName)
    {
        using SettingsProject project = new SettingsProject().WithModel(first).WithModel(second);

        project.Resolve();

        Assert.AreEqual("QB1006", project.OnlyProblem.Code);
        Assert.Contains($"'{first}' and '{second}' would both generate the class {fullName}.", project.OnlyProblem.Message);
        Assert.AreEqual(new DiagnosticOrigin(second), project.OnlyProblem.Origin);
    }

    [TestMethod]
    public void Resolve_OneModelListedTwice_PointsToUpdate()
    {
        using SettingsProject project = new SettingsProject().WithModel("a.onnx").WithModel("a.onnx");

        project.Resolve();

        Assert.AreEqual("QB1006", project.OnlyProblem.Code);
        Assert.Contains("They are the same file; where a wildcard has listed it already", project.OnlyProblem.Message);
    }

    [TestMethod]
    public void Resolve_TwoModelsInTwoNamespaces_AreTaken()
    {
        using SettingsProject project = new SettingsProject().WithModel("one/a.onnx").WithModel("two/a.onnx", ("Namespace", "Two"));

        Assert.HasCount(2, project.Resolve());
        Assert.IsEmpty(project.Problems.Diagnostics);
    }
}
