using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

[TestClass]
public sealed class GateFails
{
    [TestMethod]
    public void MinAccuracyOutOfReach_NoAssembly_AndWithoutTheLimitItBuilds()
    {
        using var project = new TempProject(Package.Source);
        project.WriteProject($"""<QuantizeModel Include="{TempProject.Model}" CalibrationData="{TempProject.Data}" MinAccuracy="0.999" />""");

        BuildLog log = Verify.Failed(project, project.Build(), "QB7002");

        Verify.At(project, log.Errors[0], "MinAccuracy=");
        Assert.IsTrue(File.Exists(project.Output("digits.rejected.onnx")), "It is kept for inspection.");
        Assert.IsFalse(File.Exists(project.Output("digits.onnx")));

        Verify.Failed(project, project.Build(), "QB7002");

        project.WriteProject();
        Verify.Succeeded(project.Build());
        Assert.IsTrue(File.Exists(project.Assembly));

        project.WriteProject($"""<QuantizeModel Include="{TempProject.Model}" CalibrationData="{TempProject.Data}" MinAccuracy="0.999" />""");
        Verify.Failed(project, project.Build(), "QB7002");
        Assert.IsEmpty(
            Directory.GetFiles(project.Directory, "App.dll", SearchOption.AllDirectories), "The assembly of the build before holds the refused model.");
    }
}
