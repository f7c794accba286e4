using QuantBuild.Tasks.Protocol;

namespace QuantBuild.Tasks.Tests;

/// <summary>When models that are current are compared with the lock file nevertheless.</summary>
[TestClass]
public sealed class LockStampTests
{
    [TestMethod]
    public void Execute_OneModelChangedInABuildThatFailedForAnother_IsComparedInTheNext()
    {
        using var project = new TaskProject();
        project.Write("digits.onnx", "model");
        project.AddModel("fashion.onnx");
        project.AddModel("digits.onnx");
        Assert.IsTrue(project.CreateRun(project.Quantizing()).Execute());
        project.Write("digits.onnx", "another model");
        project.Write("fashion.onnx", "broken");
        Assert.IsFalse(project.CreateRun(project.Quantizing("""
            {"schema":1,"models":[{"include":"digits.onnx","inputs":[]}],"diagnostics":[{"severity":"error","code":"QB2007","message":"broken","model":"fashion.onnx"}]}
            """)).Execute());

        project.Write("fashion.onnx", "model");
        ScriptedWorker third = project.Quantizing();
        Assert.IsTrue(project.CreateRun(third).Execute());

        Assert.AreEqual(1, third.Starts);
        Assert.IsTrue(TaskProject.Asked(third).Models.TrueForAll(model => model.IsCurrent));
    }

    [TestMethod]
    public void Execute_WorkerMadeWhatWasCurrentByTheLockFile_IsRecorded()
    {
        using var project = new TaskProject();
        project.AddModel("fashion.onnx");
        Assert.IsTrue(project.CreateRun(project.Quantizing()).Execute());
        project.Write("quantbuild.lock.json", "{}");
        var second = new ScriptedWorker(worker =>
        {
            File.WriteAllText(project.Output("fashion.onnx"), "repeated");
            File.WriteAllText(worker.ResultFile, """{"schema":1,"diagnostics":[],"models":[{"include":"fashion.onnx","name":"fashion","inputs":[]}]}""");
            return 0;
        });
        Assert.IsTrue(project.CreateRun(second).Execute());

        ScriptedWorker third = project.Quantizing();
        Assert.IsTrue(project.CreateRun(third).Execute());

        Assert.AreEqual(1, second.Starts);
        Assert.AreEqual(0, third.Starts);
    }

    [TestMethod]
    public void Execute_LockFileIsWantedAfterAll_IsWritten()
    {
        using var project = new TaskProject();
        project.AddModel("fashion.onnx");
        project.SetProperty("LockFile", "false");
        Assert.IsTrue(project.CreateRun(project.Quantizing()).Execute());

        project.SetProperty("LockFile", "");
        ScriptedWorker second = project.Quantizing();
        Assert.IsTrue(project.CreateRun(second).Execute());

        Assert.AreEqual(1, second.Starts);
    }

    [TestMethod]
    [DataRow("{\"schema\":1,\"models\":{\"fashion.onnx\":{\"model\":\"a\"}}}", DisplayName = "one line")]
    [DataRow("{\n\t\"schema\": 1,\n\t\"models\": {\n\t\t\"fashion.onnx\": {\n\t\t\t\"model\": \"a\"\n\t\t}\n\t}\n}", DisplayName = "tabs")]
    [DataRow("{\n  \"schema\": 1,\n  \"models\": {}\n}", DisplayName = "another schema")]
    public void Execute_LockFileInAnotherLayoutEdited_IsCompared(string content)
    {
        using var project = new TaskProject();
        project.AddModel("fashion.onnx");
        project.Write("quantbuild.lock.json", content);
        Assert.IsTrue(project.CreateRun(project.Quantizing()).Execute());

        project.Write("quantbuild.lock.json", content.Replace("\"a\"", "\"b\"").Replace("1", "2"));
        ScriptedWorker second = project.Quantizing();
        Assert.IsTrue(project.CreateRun(second).Execute());

        Assert.AreEqual(1, second.Starts);
    }

    [TestMethod]
    public void Execute_LockFileThatSomebodyHolds_IsLeftToTheWorkerToTell()
    {
        using var project = new TaskProject();
        project.AddModel("fashion.onnx");
        Assert.IsTrue(project.CreateRun(project.Quantizing()).Execute());
        using FileStream held = new(project.File("quantbuild.lock.json"), FileMode.Create, FileAccess.Write, FileShare.None);
        ScriptedWorker second = project.Quantizing();

        Assert.IsTrue(project.CreateRun(second).Execute());

        Assert.AreEqual(1, second.Starts);
        Assert.IsFalse(File.Exists(project.Output("locked.stamp")));
    }
}
