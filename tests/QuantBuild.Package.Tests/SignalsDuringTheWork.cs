using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

/// <summary>Ctrl+C, the end of a session, the kernel short of memory: at several stages, to the build and to its worker.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
public sealed class SignalsDuringTheWork
{
    /// <summary>Nothing of a build may use the processor longer than that after its end.</summary>
    private static readonly TimeSpan EndOfWorkers = TimeSpan.FromSeconds(5);

    [TestMethod]
    public void BuildIsStopped_WorkerEndsAndTheNextBuildIsRight() => Disturb(
        ("INT to all at calibrate", "digits: calibrate", (build, _) => build.SignalAll("INT")),
        ("TERM to the build at observe", "digits: observe", (build, _) => build.Signal("TERM")),
        ("KILL to the build at recover", "digits: recover", (build, _) => build.Signal("KILL")));

    [TestMethod]
    public void WorkerIsStopped_OneErrorAndTheNextBuildIsRight() => Disturb(
        ("TERM to the worker at recover", "digits: recover", (_, worker) => Processes.Signal(worker, "TERM")),
        ("KILL to the worker at inspect", "digits: inspect", (_, worker) => Processes.Signal(worker, "KILL")));

    private static void Disturb(params (string Name, string Stage, Action<RunningBuild, int> Stop)[] situations)
    {
        using var project = new TempProject(Package.Source);
        Verify.Succeeded(project.Build());
        IReadOnlyDictionary<string, string> undisturbed = WholeFiles.Of(project);

        foreach ((string name, string stage, Action<RunningBuild, int> stop) in situations)
        {
            WholeFiles.Forget(project);
            using (RunningBuild build = project.StartBuild("--no-restore"))
            {
                build.WaitFor(stage);
                stop(build, Processes.QuantizingWorkerOf(project)!.Value);
                DotNetRun run = build.WaitForEnd();
                AssertEnd(name, run);
            }
            Assert.IsTrue(Processes.EndWithin(project, EndOfWorkers), name);
            WholeFiles.AssertWhole(project, undisturbed, name);

            Verify.Succeeded(project.Build("--no-restore"));

            CollectionAssert.AreEquivalent(undisturbed.ToArray(), WholeFiles.Of(project).ToArray(), name);
            WholeFiles.AssertNothingLeftOver(project, name);
        }
    }

    /// <remarks>MSBuild itself returns 0 when it is asked to terminate.</remarks>
    private static void AssertEnd(string name, DotNetRun run)
    {
        bool isWorkers = name.Contains("worker", StringComparison.Ordinal);
        if (!name.StartsWith("TERM to the build", StringComparison.Ordinal))
            Assert.AreNotEqual(0, run.ExitCode, $"{name}: {run.Output}");
        Assert.AreEqual(isWorkers, run.Output.Contains("error QB9002", StringComparison.Ordinal), $"{name}: {run.Output}");
        Assert.IsFalse(run.Output.Contains("   at ", StringComparison.Ordinal), $"{name}: {run.Output}");
    }
}
