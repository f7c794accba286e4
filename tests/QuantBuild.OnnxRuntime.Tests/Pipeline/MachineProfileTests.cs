using QuantBuild.Locking;

namespace QuantBuild.OnnxRuntime.Tests.Pipeline;

/// <summary>With TargetProfile=Machine a build times kernels once, and follows the lock file from then on.</summary>
[TestClass]
public sealed class MachineProfileTests
{
    private static readonly (string, string) Machine = ("QuantBuildTargetProfile", "Machine");

    [TestMethod]
    public void Quantize_Machine_TimesOnceAndThenFollowsTheLockFile()
    {
        using PipelineProject project = PipelineProject.Digits();

        ProjectResult first = project.Quantize(Machine);

        Assert.IsEmpty(PipelineProject.Errors(first));
        CollectionAssert.Contains(PipelineProject.Codes(first), "QB5005");
        LockEntry entry = LockFile.Read(project.LockFile)!.Models["digits.onnx"];
        Assert.HasCount(5, entry.Choices.Kernels!);
        Assert.AreEqual(entry.Choices.Kernels!["Border"], project.Report("digits").GetProperty("timedKernels").GetProperty("Border").GetString());

        byte[] locked = File.ReadAllBytes(project.LockFile);
        ProjectResult second = project.Quantize(Machine, ("QuantBuildLockedMode", "true"));

        Assert.IsEmpty(PipelineProject.Errors(second));
        CollectionAssert.DoesNotContain(PipelineProject.Codes(second), "QB5005");
        CollectionAssert.AreEqual(locked, File.ReadAllBytes(project.LockFile));
    }
}
