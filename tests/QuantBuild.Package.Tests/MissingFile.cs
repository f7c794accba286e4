using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

[TestClass]
public sealed class MissingFile
{
    [TestMethod]
    public void Data_ErrorStandsAtTheMetadata()
    {
        using var project = new TempProject(Package.Source);
        File.Delete(project.File(TempProject.Data));

        BuildLog log = Verify.Failed(project, project.Build(), "QB1005");

        Verify.At(project, log.Errors[0], "CalibrationData=");
        StringAssert.Contains(log.Errors[0].Text, project.File(TempProject.Data));
    }

    [TestMethod]
    public void Model_ErrorStandsAtTheItem()
    {
        using var project = new TempProject(Package.Source);
        File.Delete(project.File(TempProject.Model));

        BuildLog log = Verify.Failed(project, project.Build(), "QB1005");

        Verify.At(project, log.Errors[0], "<QuantizeModel");
    }
}
