using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

[TestClass]
public sealed class NanInValidationData
{
    [TestMethod]
    public void OneValue_NothingIsMeasuredOnIt()
    {
        using var project = new TempProject(Package.Source);
        float[] images = new float[4 * 28 * 28];
        images[^1] = float.NaN;
        NpzWriter.Write(project.File("Data/validation.npz"), NamedArray.Of("image", [4, 1, 28, 28], images));
        project.WriteProject($"""<QuantizeModel Include="{TempProject.Model}" CalibrationData="{TempProject.Data}" ValidationData="Data/validation.npz" />""");

        BuildLog log = Verify.Failed(project, project.Build(), "QB4012");

        StringAssert.Contains(log.Errors[0].Text, "The array 'image' in 'Data/validation.npz' holds NaN");
    }
}
