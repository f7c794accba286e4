using System.ComponentModel;
using QuantBuild.Tasks.Protocol;
using QuantBuild.Tasks.Workers;
using QuantBuild.Testing;

namespace QuantBuild.Tasks.Tests.Workers;

[TestClass]
public sealed class WorkerRunTests
{
    private static readonly WorkerCommand Command = new("dotnet", ["exec", "quantbuild.dll", "worker", "request.json", "result.json"], "/");

    [TestMethod]
    public void Execute_NoResult_ErrorWithTheEndOfStandardErrorEvenForExitCodeZero()
    {
        ResultDiagnostic error = ErrorOf(new ScriptedWorker(_ => 0) { ErrorTail = "Killed" });

        Assert.AreEqual("QB9002", error.Code);
        StringAssert.Contains(error.Message, "exit code 0. Killed");
    }

    [TestMethod]
    [DataRow("{\"schema\":1,\"diag")]
    [DataRow("null")]
    [DataRow("")]
    [DataRow("{\"schema\":2}")]
    public void Execute_DamagedOrForeignResult_Error(string result) =>
        Assert.AreEqual("QB9002", ErrorOf(new ScriptedWorker(_ => 0), result).Code);

    [TestMethod]
    public void Execute_GoodResultOfAProcessThatCrashed_Error()
    {
        ResultDiagnostic error = ErrorOf(new ScriptedWorker(_ => 139), TaskProject.Success);

        Assert.AreEqual("QB9002", error.Code);
        StringAssert.Contains(error.Message, "139");
    }

    [TestMethod]
    [DataRow(150)]
    [DataRow(unchecked((int)0x80008096))]
    public void Execute_RuntimeNotInstalled_ErrorSaysWhatIsNeeded(int exitCode)
    {
        ResultDiagnostic error = ErrorOf(new ScriptedWorker(_ => exitCode) { ErrorTail = "You must install .NET" });

        Assert.AreEqual("QB9003", error.Code);
        StringAssert.Contains(error.Message, "You must install .NET");
    }

    [TestMethod]
    public void Execute_NoRoomForTheResult_ErrorSaysThatItCannotBeWritten()
    {
        ResultDiagnostic error = ErrorOf(new ScriptedWorker(_ => QuantBuild.Cli.Worker.ResultNotWritten) { ErrorTail = "No space left" });

        Assert.AreEqual("QB9004", error.Code);
        StringAssert.Contains(error.Message, "No space left");
    }

    [TestMethod]
    public void Execute_HostCannotBeStarted_Error()
    {
        using var folder = new TemporaryFolder();
        var run = new WorkerRun(_ => throw new Win32Exception(13), TimeSpan.Zero);

        ResultDiagnostic error = run.Execute(Command, folder.File("result.json"), _ => { })!.Diagnostics!.Single();

        Assert.AreEqual("QB9003", error.Code);
    }

    [TestMethod]
    public void Cancel_WorkerDoesNotReact_IsKilled()
    {
        using var folder = new TemporaryFolder();
        WorkerRun? run = null;
        var worker = new ScriptedWorker(process =>
        {
            run!.Cancel();
            Assert.IsTrue(process.Killed.Wait(ScriptedWorker.Patience));
            return 137;
        });
        run = new WorkerRun(worker.Start, grace: TimeSpan.FromMilliseconds(1));

        Assert.IsNull(run.Execute(Command, folder.File("result.json"), _ => { }));
        Assert.IsTrue(worker.InputClosed.IsSet);
    }

    [TestMethod]
    public void Cancel_BeforeTheStart_InputIsClosedAtOnce()
    {
        using var folder = new TemporaryFolder();
        var worker = new ScriptedWorker(process => process.InputClosed.IsSet ? 0 : 1);
        var run = new WorkerRun(worker.Start, grace: ScriptedWorker.Patience);
        run.Cancel();

        Assert.IsNull(run.Execute(Command, folder.File("result.json"), _ => { }));
        Assert.IsTrue(worker.InputClosed.IsSet);
        Assert.IsFalse(worker.Killed.IsSet);
    }

    [TestMethod]
    public void Cancel_AfterTheEnd_DoesNothing()
    {
        using var folder = new TemporaryFolder();
        var worker = new ScriptedWorker(_ => 0);
        var run = new WorkerRun(worker.Start, grace: TimeSpan.Zero);
        run.Execute(Command, folder.File("result.json"), _ => { });

        run.Cancel();

        Assert.IsFalse(worker.InputClosed.IsSet);
    }

    private static ResultDiagnostic ErrorOf(ScriptedWorker worker, string? result = null)
    {
        using var folder = new TemporaryFolder();
        string resultFile = folder.File("result.json");
        if (result != null)
            File.WriteAllText(resultFile, result);

        ResultDiagnostic error = new WorkerRun(worker.Start, TimeSpan.Zero).Execute(Command, resultFile, _ => { })!.Diagnostics!.Single();

        Assert.AreEqual(ResultDiagnostic.Error, error.Severity);
        return error;
    }
}
