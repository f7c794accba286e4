using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

[TestClass]
public sealed class ModelTouched
{
    [TestMethod]
    public void SameContentWithANewTime_IsNotQuantizedAgain()
    {
        using var project = new TempProject(Package.Source);
        Verify.Succeeded(project.Build());
        File.SetLastWriteTimeUtc(project.File(TempProject.Model), DateTime.UtcNow);

        BuildLog second = Verify.Succeeded(project.Build());
        Assert.IsTrue(second.Ran("QuantizeOnnxModels"));
        Assert.IsTrue(second.Says("is current: same content"));
        Assert.AreEqual(0, second.AllWorkers, "Hashes say enough.");
        Assert.IsFalse(second.Ran("CoreCompile"), "Nothing that the compiler reads has changed.");

        BuildLog third = Verify.Succeeded(project.Build());
        Assert.IsFalse(third.Ran("QuantizeOnnxModels"), "The second build has taken note.");
        Assert.AreEqual(0, third.AllWorkers);
    }
}
