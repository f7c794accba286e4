using System.Text.Json;
using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

[TestClass]
public sealed class RuntimeReference
{
    [TestMethod]
    public void Missing_OneErrorInsteadOfThoseOfTheCompiler()
    {
        using var project = new TempProject(Package.Source);
        project.Write("App.csproj", File.ReadAllText(project.ProjectFile).Replace(
            """<PackageReference Include="Microsoft.ML.OnnxRuntime" Version="1.29.*" />""", "", StringComparison.Ordinal));

        BuildLog log = Verify.Failed(project, project.Build(), "QB8004");

        Assert.HasCount(1, log.Errors);
    }

    [TestMethod]
    public void Present_ModelIsMeasuredWithTheLibraryOfTheProject()
    {
        using var project = new TempProject(Package.Source);

        Verify.Succeeded(project.Build());

        using var request = JsonDocument.Parse(File.ReadAllBytes(project.Output("quantize.request.json")));
        string library = request.RootElement.GetProperty("runtimeLibrary").GetString()!;
        StringAssert.Contains(library.Replace('\\', '/'), "/microsoft.ml.onnxruntime/");
        Assert.IsTrue(File.Exists(library));
        using var report = JsonDocument.Parse(File.ReadAllBytes(project.Output("digits.report.json")));
        StringAssert.StartsWith(report.RootElement.GetProperty("runtime").GetString(), "ONNX Runtime 1.29");
    }
}
