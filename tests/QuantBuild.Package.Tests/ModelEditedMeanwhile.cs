using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

/// <summary>Somebody exports the model again while a build quantizes it.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
public sealed class ModelEditedMeanwhile
{
    /// <summary>Field 2 of a model, its producer, given once more; the last one counts.</summary>
    private static readonly byte[] OtherProducer = [(2 << 3) | 2, 6, .. "edited"u8];

    [TestMethod]
    public void WhileQuantizing_NeitherPublishedNorRecorded()
    {
        using var project = new TempProject(Package.Source);
        Verify.Succeeded(project.DotNet("restore"));
        string model = project.File(TempProject.Model);
        using (RunningBuild build = project.StartBuild("--no-restore"))
        {
            build.WaitFor("digits: calibrate");
            File.WriteAllBytes(model, [.. File.ReadAllBytes(model), .. OtherProducer]);

            DotNetRun run = build.WaitForEnd();

            Assert.AreEqual(0, run.ExitCode, run.Output);
            StringAssert.Contains(run.Output, "not put into the cache: an input changed meanwhile");
            StringAssert.Contains(run.Output, "changed meanwhile; the next build quantizes it again");
        }
        Assert.IsFalse(Directory.Exists(Path.Combine(project.CacheDirectory, "v1", "results")));
        Assert.IsFalse(File.Exists(project.Output("digits.key")));

        BuildLog next = Verify.Succeeded(project.Build("--no-restore"));

        Assert.AreEqual(1, next.QuantizingWorkers);
        Assert.IsTrue(next.Says("put into the cache"));
        Assert.AreEqual(0, Verify.Succeeded(project.Build("--no-restore")).AllWorkers);
    }
}
