using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

[TestClass]
public sealed class TruncatedModel
{
    [TestMethod]
    public void HalfAFile_ErrorStandsAtTheItem()
    {
        using var project = new TempProject(Package.Source);
        byte[] model = File.ReadAllBytes(project.File(TempProject.Model));
        File.WriteAllBytes(project.File(TempProject.Model), model[..(model.Length / 2)]);

        BuildLog log = Verify.Failed(project, project.Build(), "QB2001");

        Verify.At(project, log.Errors[0], "<QuantizeModel");
    }
}
