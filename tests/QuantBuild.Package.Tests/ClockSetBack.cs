using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

/// <summary>Everything that was built seems to be of tomorrow; content decides nevertheless.</summary>
[TestClass]
public sealed class ClockSetBack
{
    [TestMethod]
    public void ModelEditedBeforeItsOutputs_IsSeenAndTheCacheServes()
    {
        using var project = new TempProject(Package.Source);
        Verify.Succeeded(project.Build());
        byte[] first = File.ReadAllBytes(project.Output("digits.onnx"));
        DateTime tomorrow = DateTime.UtcNow.AddDays(1);
        foreach (string path in Directory.GetFiles(project.OutputDirectory)
            .Concat(Directory.GetFiles(project.CacheDirectory, "*", SearchOption.AllDirectories)))
            File.SetLastWriteTimeUtc(path, tomorrow);

        string model = project.File(TempProject.Model);
        byte[] original = File.ReadAllBytes(model);
        File.WriteAllBytes(model, [.. original, (2 << 3) | 2, 6, .. "edited"u8]);
        BuildLog edited = Verify.Succeeded(project.Build("--no-restore"));
        Assert.AreEqual(1, edited.QuantizingWorkers, "The model is older than what was made of another one.");
        Assert.IsTrue(edited.Says("put into the cache"));

        File.WriteAllBytes(model, original);
        BuildLog back = Verify.Succeeded(project.Build("--no-restore"));
        Assert.IsTrue(back.Says("found in the cache"));
        CollectionAssert.AreEqual(first, File.ReadAllBytes(project.Output("digits.onnx")));
        Assert.AreEqual(0, Verify.Succeeded(project.Build("--no-restore")).AllWorkers);
    }
}
