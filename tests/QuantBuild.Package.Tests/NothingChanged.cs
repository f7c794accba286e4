using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

[TestClass]
public sealed class NothingChanged
{
    [TestMethod]
    public void SecondBuild_StartsNoWorkerAndNoCompiler()
    {
        using var project = new TempProject(Package.Source);
        BuildLog first = Verify.Succeeded(project.Build());
        Assert.AreEqual(1, first.QuantizingWorkers);
        Assert.AreEqual(2, first.AllWorkers);
        Assert.IsTrue(first.Ran("CoreCompile"));

        BuildLog second = Verify.Succeeded(project.Build());

        Assert.AreEqual(0, second.AllWorkers);
        CollectionAssert.AreEqual(new[] { "WriteQuantizationRequest" }, second.Tasks.ToArray(), "Both targets that do work are skipped.");
        Assert.IsFalse(second.Ran("CoreCompile"));
    }
}
