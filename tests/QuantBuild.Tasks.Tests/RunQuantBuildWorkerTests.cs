using Microsoft.Build.Framework;
using QuantBuild.Tasks.Protocol;

namespace QuantBuild.Tasks.Tests;

[TestClass]
public sealed class RunQuantBuildWorkerTests
{
    [TestMethod]
    public void Execute_Quantize_WorkerGetsOnlyTheTwoPaths()
    {
        using var project = new TaskProject();
        project.AddModel("fashion.onnx");
        ScriptedWorker worker = project.Quantizing();

        Assert.IsTrue(project.CreateRun(worker).Execute());

        Assert.AreEqual("/sdk/dotnet", worker.Command!.FileName);
        Assert.AreEqual(Path.GetDirectoryName(project.ProjectFile), worker.Command.WorkingDirectory);
        CollectionAssert.AreEqual(new[] { "exec", project.File("worker/quantbuild.dll"), "worker" }, worker.Command.Arguments.Take(3).ToArray());
        Assert.AreEqual(project.Output("quantize.request.json"), worker.RequestFile);
        Assert.AreEqual("quantize", TaskProject.Asked(worker).Command);
        Assert.IsTrue(File.Exists(project.Output("quantized.stamp")));
        Assert.IsFalse(File.Exists(worker.ResultFile), "The result belongs to one run.");
    }

    [TestMethod]
    public void Execute_SecondTimeWithTouchedModel_WorkerIsNotStarted()
    {
        using var project = new TaskProject();
        project.AddModel("fashion.onnx", ("CalibrationData", "data.npz"));
        Assert.IsTrue(project.CreateRun(project.Quantizing()).Execute());
        DateTime quantized = File.GetLastWriteTimeUtc(project.Output("fashion.onnx"));
        File.SetLastWriteTimeUtc(project.File("fashion.onnx"), DateTime.UtcNow.AddMinutes(1));
        File.Delete(project.Output("quantized.stamp"));
        ScriptedWorker second = project.Quantizing();

        Assert.IsTrue(project.CreateRun(second).Execute());

        Assert.AreEqual(0, second.Starts);
        Assert.AreEqual(quantized, File.GetLastWriteTimeUtc(project.Output("fashion.onnx")));
        Assert.IsTrue(File.Exists(project.Output("quantized.stamp")));
    }

    [TestMethod]
    public void Execute_GenerateWithTouchedModel_WorkerIsNotStarted()
    {
        using var project = new TaskProject();
        project.AddModel("fashion.onnx");
        project.Write("obj/quantbuild/fashion.g.cs", "class Fashion;");
        project.Write("obj/quantbuild/fashion.metadata.g.cs", "constants");
        var worker = new ScriptedWorker(process =>
        {
            File.WriteAllText(process.ResultFile, TaskProject.Success);
            return 0;
        });
        Assert.IsTrue(project.CreateRun(worker, WorkerRequest.Generate).Execute());
        Assert.AreEqual(1, worker.Starts);
        File.SetLastWriteTimeUtc(project.File("fashion.onnx"), DateTime.UtcNow.AddMinutes(1));

        Assert.IsTrue(project.CreateRun(worker, WorkerRequest.Generate).Execute());
        Assert.AreEqual(1, worker.Starts);

        project.Write("fashion.onnx", "another model");
        Assert.IsTrue(project.CreateRun(worker, WorkerRequest.Generate).Execute());
        Assert.AreEqual(2, worker.Starts);

        File.Delete(project.Output("fashion.g.cs"));
        Assert.IsTrue(project.CreateRun(worker, WorkerRequest.Generate).Execute());
        Assert.AreEqual(3, worker.Starts);

        project.Write("obj/quantbuild/fashion.g.cs", "class Fashion;");
        File.Delete(project.Output("fashion.metadata.g.cs"));
        Assert.IsTrue(project.CreateRun(worker, WorkerRequest.Generate).Execute());
        Assert.AreEqual(4, worker.Starts);
    }

    [TestMethod]
    public void Execute_GenerateWithOtherNamesOfClasses_WorkerIsStarted()
    {
        using var project = new TaskProject();
        project.AddModel("fashion.onnx", ("Labels", "classes.txt"));
        project.Write("classes.txt", "shirt\nshoe\n");
        project.Write("obj/quantbuild/fashion.g.cs", "class Fashion;");
        project.Write("obj/quantbuild/fashion.metadata.g.cs", "class Fashion;");
        var worker = new ScriptedWorker(process =>
        {
            File.WriteAllText(process.ResultFile, TaskProject.Success);
            return 0;
        });
        Assert.AreEqual(project.File("classes.txt"), project.WriteRequest().Task.LabelFiles.Single().ItemSpec);
        Assert.IsTrue(project.CreateRun(worker, WorkerRequest.Generate).Execute());
        Assert.IsTrue(project.CreateRun(worker, WorkerRequest.Generate).Execute());
        Assert.AreEqual(1, worker.Starts);

        project.Write("classes.txt", "shirt\nboot\n");

        Assert.IsTrue(project.CreateRun(worker, WorkerRequest.Generate).Execute());
        Assert.AreEqual(2, worker.Starts);
    }

    [TestMethod]
    public void Execute_OneOfTwoModelsChanged_OnlyThatOneIsToBeQuantized()
    {
        using var project = new TaskProject();
        project.Write("digits.onnx", "model");
        project.AddModel("fashion.onnx");
        project.AddModel("digits.onnx");
        Assert.IsTrue(project.CreateRun(project.Quantizing()).Execute());
        project.Write("digits.onnx", "another model");
        ScriptedWorker second = project.Quantizing();

        Assert.IsTrue(project.CreateRun(second).Execute());

        Assert.AreEqual("digits", TaskProject.Asked(second).Models.Single(model => !model.IsCurrent).Name);
        Assert.AreEqual("fashion", TaskProject.Asked(second).Models.Single(model => model.IsCurrent).Name);
    }

    [TestMethod]
    public void Execute_Diagnostics_BecomeErrorsAndWarningsWithPageAndPlace()
    {
        using var project = new TaskProject();
        project.Write("App.csproj", """
            <Project>
              <ItemGroup>
                <QuantizeModel Include="fashion.onnx" Schema="Static" />
              </ItemGroup>
            </Project>
            """);
        project.AddModel("fashion.onnx");
        ScriptedWorker worker = project.Quantizing("""
            {"schema":1,"models":[],"diagnostics":[
              {"severity":"error","code":"QB1001","message":"'Schema' {0} is wrong","model":"fashion.onnx","setting":"Schema"},
              {"severity":"warning","code":"QB4006","message":"few","model":"fashion.onnx","setting":null},
              {"severity":"message","code":"QB4007","message":"held out"}]}
            """);

        Assert.IsFalse(project.CreateRun(worker).Execute());

        BuildErrorEventArgs error = project.Engine.Errors.Single();
        Assert.AreEqual("QB1001", error.Code);
        Assert.AreEqual("'Schema' {0} is wrong", error.Message);
        Assert.AreEqual(HelpLinks.For("QB1001"), error.HelpLink);
        Assert.AreEqual((project.ProjectFile, 3, 43), (error.File, error.LineNumber, error.ColumnNumber));
        BuildWarningEventArgs warning = project.Engine.Warnings.Single();
        Assert.AreEqual(("QB4006", 3, 5), (warning.Code, warning.LineNumber, warning.ColumnNumber));
        CollectionAssert.Contains(project.Engine.Messages(MessageImportance.High).ToArray(), "held out");
        Assert.IsFalse(File.Exists(project.Output("quantized.stamp")));
        Assert.IsFalse(File.Exists(project.Output("fashion.key")));
    }

    [TestMethod]
    public void Execute_ErrorInOneModel_TheOtherIsRemembered()
    {
        using var project = new TaskProject();
        project.Write("digits.onnx", "model");
        project.AddModel("fashion.onnx");
        project.AddModel("digits.onnx");
        ScriptedWorker worker = project.Quantizing("""
            {"schema":1,"models":[{"include":"fashion.onnx","inputs":[]}],"diagnostics":[{"severity":"error","code":"QB7002","message":"too low","model":"digits.onnx"}]}
            """);

        Assert.IsFalse(project.CreateRun(worker).Execute());

        Assert.IsTrue(File.Exists(project.Output("fashion.key")));
        Assert.IsFalse(File.Exists(project.Output("digits.key")));
    }

    [TestMethod]
    public void Execute_Summary_IsShownWithThePathOfTheReport()
    {
        using var project = new TaskProject();
        project.AddModel("fashion.onnx");
        ScriptedWorker worker = project.Quantizing("""
            {"schema":1,"diagnostics":[],"models":[{"include":"fashion.onnx","name":"fashion","summary":"fashion: 1.2 MB","notes":["found"],"inputs":[]}]}
            """);

        Assert.IsTrue(project.CreateRun(worker).Execute());

        CollectionAssert.Contains(project.Engine.Messages(MessageImportance.High).ToArray(), "fashion: 1.2 MB");
        Assert.IsTrue(project.Engine.Messages(MessageImportance.Normal).Any(message => message.Contains(project.Output("fashion.report.html"))));
        CollectionAssert.Contains(project.Engine.Messages(MessageImportance.Normal).ToArray(), "QuantBuild: 'fashion.onnx': found.");
    }

    [TestMethod]
    public void Execute_Output_StagesAreNormalAndTheRestIsLow()
    {
        using var project = new TaskProject();
        project.AddModel("fashion.onnx");
        var worker = new ScriptedWorker(process =>
        {
            process.Print("""{"model":"fashion","stage":"calibrate","fraction":0}""");
            process.Print("""{"model":"fashion","stage":"calibrate","fraction":0.4}""");
            process.Print("{not json");
            return project.Quantizing().Start(process.Command!).Run(_ => { });
        });

        Assert.IsTrue(project.CreateRun(worker).Execute());

        CollectionAssert.Contains(project.Engine.Messages(MessageImportance.Normal).ToArray(), "QuantBuild: fashion: calibrate 0 %");
        CollectionAssert.Contains(
            project.Engine.Messages(MessageImportance.Low).Concat(project.Engine.Messages(MessageImportance.Normal)).ToArray(), "QuantBuild: fashion: calibrate 40 %");
        CollectionAssert.Contains(project.Engine.Messages(MessageImportance.Low).ToArray(), "{not json");
    }

    [TestMethod]
    public void Execute_WorkerWritesNothing_IsAnError()
    {
        using var project = new TaskProject();
        project.AddModel("fashion.onnx");
        var worker = new ScriptedWorker(process =>
        {
            File.WriteAllText(process.ResultFile, TaskProject.Success);
            return 0;
        });

        Assert.IsFalse(project.CreateRun(worker).Execute());
        Assert.AreEqual("QB9002", project.Engine.Errors.Single().Code);
    }

    [TestMethod]
    public void Execute_ModelChangesDuringTheWork_IsNotRemembered()
    {
        using var project = new TaskProject();
        project.AddModel("fashion.onnx");
        ScriptedWorker worker = project.Quantizing("""{"schema":1,"diagnostics":[],"models":[{"include":"fashion.onnx","name":"fashion"}]}""");

        Assert.IsTrue(project.CreateRun(worker).Execute());

        Assert.IsFalse(File.Exists(project.Output("fashion.key")));
        Assert.IsFalse(File.Exists(project.Output("quantized.stamp")));
    }

    [TestMethod]
    public void Execute_LockFileEdited_WorkerComparesAndQuantizesNothing()
    {
        using var project = new TaskProject();
        project.AddModel("fashion.onnx");
        Assert.IsTrue(project.CreateRun(project.Quantizing()).Execute());
        project.Write("quantbuild.lock.json", """
            {
              "models": {
                "fashion.onnx": {
            """);
        ScriptedWorker second = project.Quantizing();

        RunQuantBuildWorker task = project.CreateRun(second);
        Assert.IsFalse(File.Exists(project.Output("quantized.stamp")), "MSBuild must not skip the target.");
        Assert.IsTrue(task.Execute());

        Assert.IsTrue(TaskProject.Asked(second).Models.Single().IsCurrent);
        ScriptedWorker third = project.Quantizing();
        Assert.IsTrue(project.CreateRun(third).Execute());
        Assert.AreEqual(0, third.Starts);
    }

    [TestMethod]
    public void Execute_EntryOfAnotherTargetFrameworkEdited_NothingIsCompared()
    {
        using var project = new TaskProject { TargetFramework = "net8.0" };
        project.AddModel("fashion.onnx");
        project.Write("quantbuild.lock.json", LockFile("net8.0", "a", "net9.0", "b"));
        Assert.IsTrue(project.CreateRun(project.Quantizing()).Execute());
        project.Write("quantbuild.lock.json", LockFile("net8.0", "a", "net9.0", "c"));
        ScriptedWorker other = project.Quantizing();
        Assert.IsTrue(project.CreateRun(other).Execute());
        Assert.AreEqual(0, other.Starts);

        project.Write("quantbuild.lock.json", LockFile("net8.0", "d", "net9.0", "c"));
        ScriptedWorker own = project.Quantizing();
        Assert.IsTrue(project.CreateRun(own).Execute());
        Assert.AreEqual(1, own.Starts);

        static string LockFile(string first, string firstHash, string second, string secondHash) => $$"""
            {
              "schema": 1,
              "models": {
                "fashion.onnx ({{first}})": {
                  "model": "{{firstHash}}"
                },
                "fashion.onnx ({{second}})": {
                  "model": "{{secondHash}}"
                }
              }
            }
            """;
    }

    [TestMethod]
    public void Execute_NoHost_IsAnErrorThatSaysWhereItLooked()
    {
        using var project = new TaskProject();
        project.AddModel("fashion.onnx");
        RunQuantBuildWorker task = project.CreateRun(project.Quantizing(), WorkerRequest.Generate);
        task.FindHost = _ => null;

        Assert.IsFalse(task.Execute());

        BuildErrorEventArgs error = project.Engine.Errors.Single();
        Assert.AreEqual("QB9003", error.Code);
        StringAssert.Contains(error.Message, "DOTNET_HOST_PATH");
    }

    [TestMethod]
    public void Cancel_DuringTheWork_InputIsClosedAndNoErrorIsAdded()
    {
        using var project = new TaskProject();
        project.AddModel("fashion.onnx");
        RunQuantBuildWorker? task = null;
        var worker = new ScriptedWorker(process =>
        {
            for (int i = 0; i < 67; i++)
                task!.Cancel();
            Assert.IsTrue(process.InputClosed.Wait(ScriptedWorker.Patience));
            return 1;
        });
        task = project.CreateRun(worker);

        Assert.IsFalse(task.Execute());

        Assert.IsFalse(project.Engine.Errors.Any());
        Assert.IsFalse(worker.Killed.IsSet);
        Assert.IsFalse(File.Exists(project.Output("quantized.stamp")));
    }
}
