using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

[TestClass]
public sealed class WrongShapeNpz
{
    [TestMethod]
    public void ImagesOfAnotherSize_ErrorNamesBothShapes()
    {
        using var project = new TempProject(Package.Source);
        NpzWriter.Write(project.File(TempProject.Data), NamedArray.Of("image", [4, 1, 8, 8], new float[4 * 64]));

        BuildLog log = Verify.Failed(project, project.Build(), "QB4003");

        Verify.At(project, log.Errors[0], "CalibrationData=");
        StringAssert.Contains(log.Errors[0].Text, "[4,1,8,8]");
    }
}
