using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

[TestClass]
public sealed class PathWithSpaces
{
    [TestMethod]
    [DataRow("two  blanks")]
    [DataRow("Åé日本 @%;'()&")]
    public void ProjectAndModelFolders_Build(string name)
    {
        using var project = new TempProject(Package.Source, name);
        string model = $"{name}/digits.onnx";
        project.CopyModel(model);
        File.Move(project.File(TempProject.Data), project.File($"{name}/{name}.npz"));
        project.WriteProject($"""
            <QuantizeModel Include="{TempProject.Attribute(model)}" CalibrationData="{TempProject.Attribute($"{name}/{name}.npz")}" />
            """);

        Assert.AreEqual(1, Verify.Succeeded(project.Build()).QuantizingWorkers);

        DotNetRun program = project.RunProgram();
        Assert.AreEqual(0, program.ExitCode, program.Errors);
        Assert.AreEqual(0, Verify.Succeeded(project.Build()).AllWorkers);
    }
}
