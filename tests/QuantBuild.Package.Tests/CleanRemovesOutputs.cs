using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

[TestClass]
public sealed class CleanRemovesOutputs
{
    [TestMethod]
    public void AfterABuild_NothingIsLeft()
    {
        using var project = new TempProject(Package.Source);
        Verify.Succeeded(project.Build());
        Assert.IsTrue(File.Exists(project.Output("digits.onnx")));

        Verify.Succeeded(project.DotNet("clean"));

        Assert.IsFalse(Directory.Exists(project.OutputDirectory));
        Assert.AreEqual(1, Verify.Succeeded(project.Build()).QuantizingWorkers);
    }
}
