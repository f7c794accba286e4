using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

[TestClass]
public sealed class OutputDeleted
{
    [TestMethod]
    public void QuantizedModelGone_IsMadeAgainWithTheSameBytes()
    {
        using var project = new TempProject(Package.Source);
        Verify.Succeeded(project.Build());
        byte[] model = File.ReadAllBytes(project.Output("digits.onnx"));
        File.Delete(project.Output("digits.onnx"));

        Assert.AreEqual(1, Verify.Succeeded(project.Build()).QuantizingWorkers);

        CollectionAssert.AreEqual(model, File.ReadAllBytes(project.Output("digits.onnx")));
    }

    [TestMethod]
    public void GeneratedClassGone_IsMadeAgain()
    {
        using var project = new TempProject(Package.Source);
        Verify.Succeeded(project.Build());
        File.Delete(project.Output("digits.g.cs"));

        Assert.AreEqual(0, Verify.Succeeded(project.Build()).QuantizingWorkers);

        Assert.IsTrue(File.Exists(project.Output("digits.g.cs")));
    }
}
