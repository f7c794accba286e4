using System.Runtime.Serialization.Json;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using QuantBuild.Tasks.Keys;
using QuantBuild.Tasks.Protocol;
using QuantBuild.Testing;

namespace QuantBuild.Tasks.Tests;

/// <summary>A project folder on disk, and the tasks as the targets call them for it.</summary>
internal sealed class TaskProject : IDisposable
{
    public const string Success = """{"schema":1,"diagnostics":[],"models":[]}""";

    private readonly TemporaryFolder folder = new();

    public TaskProject()
    {
        Write("App.csproj", "<Project />");
        Write("fashion.onnx", "model");
        Write("data.npz", "data");
        Write("worker/quantbuild.dll", "worker");
    }

    public RecordingBuildEngine Engine { get; private set; } = new();

    public List<TaskItem> Items { get; } = [];

    public List<TaskItem> Settings { get; } =
    [
        new("CalibrationData", new Dictionary<string, string> { ["File"] = "true" }),
        new("DataProvider", new Dictionary<string, string> { ["File"] = "assembly" }),
        new("Compression"),
        new("Embed"),
        new("LockFile", new Dictionary<string, string> { ["Content"] = "false" }),
        new("LockedMode", new Dictionary<string, string> { ["Content"] = "false" }),
        new("MaxAccuracyDrop"),
        new("Scheme"),
        new("Variants", new Dictionary<string, string> { ["Content"] = "false" }),
    ];

    public string Language { get; set; } = "C#";

    public string TargetFramework { get; set; } = "";

    public IReadOnlyDictionary<string, string> GlobalProperties { get; set; } = new Dictionary<string, string>();

    public string ProjectFile => File("App.csproj");

    public string OutputDirectory => File("obj/quantbuild");

    public string File(string name) => folder.File(name);

    public string Output(string name) => Path.Combine(OutputDirectory, name);

    public void Write(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File(name))!);
        System.IO.File.WriteAllText(File(name), content);
    }

    public TaskItem AddModel(string include, params (string Name, string Value)[] metadata)
    {
        var item = new TaskItem(include, metadata.ToDictionary(entry => entry.Name, entry => entry.Value));
        Items.Add(item);
        return item;
    }

    public void SetProperty(string setting, string value) => Settings.Find(item => item.ItemSpec == setting)!.SetMetadata("Value", value);

    /// <summary>Runs the task of every build and reads what it wrote.</summary>
    public (WriteQuantizationRequest Task, WorkerRequest Request) WriteRequest()
    {
        Engine = new RecordingBuildEngine { GlobalProperties = GlobalProperties };
        var task = new WriteQuantizationRequest
        {
            BuildEngine = Engine,
            Models = [.. Items],
            Settings = [.. Settings],
            IgnoredMetadata = [new TaskItem("Generator")],
            ProjectFile = ProjectFile,
            DirectoryBuildProps = File("Directory.Build.props"),
            DirectoryBuildTargets = "",
            OutputDirectory = "obj/quantbuild/",
            RequestFile = "obj/quantbuild/request.json",
            GeneratedStamp = "obj/quantbuild/generated.stamp",
            QuantizedStamp = "obj/quantbuild/quantized.stamp",
            RootNamespace = "App",
            Language = Language,
            TargetFramework = TargetFramework,
        };
        Assert.IsTrue(task.Execute(), string.Join("\n", Engine.Errors.Select(error => error.Message)));
        return (task, Json.Deserialize<WorkerRequest>(System.IO.File.ReadAllBytes(Output("request.json"))));
    }

    /// <summary>The task that starts the worker, after the request was written anew.</summary>
    public RunQuantBuildWorker CreateRun(ScriptedWorker worker, string command = WorkerRequest.Quantize)
    {
        ITaskItem[] models = WriteRequest().Task.RequestedModels;
        Engine = new RecordingBuildEngine();
        return new RunQuantBuildWorker
        {
            BuildEngine = Engine,
            Command = command,
            RequestFile = "obj/quantbuild/request.json",
            Models = models,
            Settings = [.. Settings],
            ProjectFile = ProjectFile,
            WorkerDirectory = File("worker"),
            Stamp = "obj/quantbuild/" + command + "d.stamp",
            StartWorker = worker.Start,
            FindHost = _ => "/sdk/dotnet",
        };
    }

    /// <summary>A worker that makes every model that it is asked for, and answers with <paramref name="result"/>, or with what it read.</summary>
    public ScriptedWorker Quantizing(string? result = null) => new(worker =>
    {
        var models = new List<ResultModel>();
        foreach (RequestModel model in Asked(worker).Models.Where(model => !model.IsCurrent))
        {
            models.Add(new ResultModel
            {
                Include = model.Id,
                Name = model.Name,
                Inputs = [new ResultInput { Path = model.Path, Sha256 = ModelKey.FileHash(model.Path) }],
            });
            System.IO.File.WriteAllText(Output(model.Name + ".onnx"), "quantized");
            System.IO.File.WriteAllText(Output(model.Name + ".report.json"), "{}");
            System.IO.File.WriteAllText(Output(model.Name + ".report.html"), "<!DOCTYPE html>");
            System.IO.File.WriteAllText(Output(model.Name + ".lock.json"), "{}");
            System.IO.File.WriteAllText(Output(model.Name + ".metadata.g.cs"), "measured");
        }

        System.IO.File.WriteAllBytes(worker.ResultFile, result is null
            ? Serialize(new WorkerResult { Schema = WorkerRequest.CurrentSchema, Diagnostics = [], Models = models })
            : new UTF8Encoding(false).GetBytes(result));
        return 0;
    });

    private static byte[] Serialize(WorkerResult result)
    {
        using MemoryStream stream = new();
        new DataContractJsonSerializer(typeof(WorkerResult)).WriteObject(stream, result);
        return stream.ToArray();
    }

    public static WorkerRequest Asked(ScriptedWorker worker) => Json.Deserialize<WorkerRequest>(System.IO.File.ReadAllBytes(worker.RequestFile));

    public void Dispose() => folder.Dispose();
}
