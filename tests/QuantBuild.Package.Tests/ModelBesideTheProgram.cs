using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

[TestClass]
public sealed class ModelBesideTheProgram
{
    [TestMethod]
    public void EmbedIsFalse_ProgramLoadsTheFileThatWasCopied()
    {
        using var project = new TempProject(Package.Source);
        project.WriteProject($"""<QuantizeModel Include="{TempProject.Model}" CalibrationData="{TempProject.Data}" Embed="false" />""");

        Verify.Succeeded(project.Build());

        string copied = project.File("bin/Debug/net10.0/digits.onnx");
        CollectionAssert.AreEqual(File.ReadAllBytes(project.Output("digits.onnx")), File.ReadAllBytes(copied));
        Assert.IsLessThan(new FileInfo(copied).Length, new FileInfo(project.Assembly).Length, "The assembly does not hold the model.");
        Assert.AreEqual(0, project.RunProgram().ExitCode);

        File.Delete(copied);
        DotNetRun without = project.RunProgram();
        Assert.AreNotEqual(0, without.ExitCode);
        StringAssert.Contains(without.Errors, "not beside the program");
    }
}
