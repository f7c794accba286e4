using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

/// <summary>What is built does not depend on how MSBuild goes about it.</summary>
[TestClass]
public sealed class ManyWaysToBuild
{
    [TestMethod]
    public void ThreadsChecksGraphsAndLoggers_SameModel()
    {
        using var project = new TempProject(Package.Source);
        project.With("QuantBuildCacheDirectory", "").WriteProject(properties: "<QuantBuildCacheDirectory>false</QuantBuildCacheDirectory>");

        BuildLog threads = Verify.Succeeded(project.Build("-mt", "-check"));
        Assert.AreEqual(1, threads.QuantizingWorkers);
        Assert.AreEqual("", string.Join('\n', threads.BuildCheckFindings));
        Assert.IsFalse(threads.Says("Launching task \"RunQuantBuildWorker\""), "The task runs in MSBuild's own process.");
        byte[] model = File.ReadAllBytes(project.Output("digits.onnx"));

        Assert.AreEqual(0, Verify.Succeeded(project.Build("-graph")).AllWorkers);

        BuildLog rebuilt = Verify.Succeeded(project.Build("--no-incremental", "-graph", "-tl:on"));
        Assert.IsTrue(rebuilt.Ran("CoreCompile"));
        CollectionAssert.AreEqual(model, File.ReadAllBytes(project.Output("digits.onnx")));

        Verify.Succeeded(project.DotNet("msbuild", "-t:Rebuild", "-mt"));
        CollectionAssert.AreEqual(model, File.ReadAllBytes(project.Output("digits.onnx")));
        Assert.AreEqual(0, project.RunProgram().ExitCode);
    }
}
