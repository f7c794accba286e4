using System.Diagnostics;
using System.Text.Json;
using QuantBuild.Cli;
using QuantBuild.Data;
using QuantBuild.Diagnostics;
using QuantBuild.OnnxRuntime;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Pipeline;

/// <summary>Models and data in a new folder, quantized in this process.</summary>
internal sealed class PipelineProject : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<ModelRequest> models = [];

    /// <summary>What other tests made must not count.</summary>
    private static readonly SettingText NoCache = new("QuantBuildCacheDirectory", "false");

    public static string DigitsData => Path.Combine(AppContext.BaseDirectory, "Models", "digits.npz");

    public string Directory => folder.Path;

    public string LockFile => folder.File("quantbuild.lock.json");

    public string TargetFramework { get; set; } = "";

    public bool IsContinuousIntegration { get; set; }

    /// <summary>Searches are stopped by it.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    public IReadOnlyList<ModelRequest> Models => models;

    public string Output(string name) => Path.Combine(folder.Path, "obj", name);

    /// <summary>The digits model; its data has labels.</summary>
    public static PipelineProject Digits(params (string Name, string Value)[] metadata) =>
        new PipelineProject().WithModel("digits", TestModels.Digits(), [("CalibrationData", DigitsData), .. metadata]);

    public PipelineProject WithModel(string name, byte[] model, params (string Name, string Value)[] metadata)
    {
        string path = folder.File(name + ".onnx");
        File.WriteAllBytes(path, model);
        models.RemoveAll(other => (other.Family ?? other.Name) == name);
        models.Add(new ModelRequest(name + ".onnx", path, name, [.. metadata.Select(text => new SettingText(text.Name, text.Value))]));
        return this;
    }

    public PipelineProject WithModel(string name, ModelBuilder model, params (string Name, string Value)[] metadata) =>
        WithModel(name, model.ToBytes(), metadata);

    /// <summary>Makes the last model that was added one with several forms, as the task does it.</summary>
    public PipelineProject WithVariants(params string[] variants)
    {
        ModelRequest item = models[^1];
        models.Remove(item);
        models.AddRange(variants.Select(variant => item with { Name = $"{item.Name}.{variant}", Variant = variant, Family = item.Name }));
        return this;
    }

    public PipelineProject WithData(string name, params NamedArray[] arrays)
    {
        NpzWriter.Write(folder.File(name), arrays);
        return this;
    }

    public ProjectRequest Request(params (string Name, string Value)[] properties) => new(
        folder.Path,
        folder.File("obj"),
        "App",
        "C#",
        [NoCache, .. properties.Select(text => new SettingText(text.Name, text.Value))],
        models)
    {
        TargetFramework = TargetFramework,
        IsContinuousIntegration = IsContinuousIntegration,
    };

    public ProjectResult Quantize(params (string Name, string Value)[] properties) => Quantize(_ => { }, properties);

    /// <param name="watch">Called on the thread that works, before it goes on.</param>
    public ProjectResult Quantize(Action<StageProgress> watch, params (string Name, string Value)[] properties) =>
        Quantize(watch, CancellationToken.None, properties);

    public ProjectResult Quantize(Action<StageProgress> watch, CancellationToken cancellation, params (string Name, string Value)[] properties) =>
        new QuantizationPipeline(new OnnxRuntimeEngine(), new Watcher(watch)) { Time = Time }.Quantize(Request(properties), cancellation);

    /// <summary>Writes the classes of a project in which nothing goes wrong.</summary>
    public PipelineProject GenerateAll()
    {
        ProjectResult result = new QuantizationPipeline(new OnnxRuntimeEngine(), new Watcher(_ => { })).Generate(Request(), CancellationToken.None);
        Assert.IsTrue(result.Succeeded, string.Join('\n', result.Diagnostics));
        return this;
    }

    /// <summary>Quantizes a project in which nothing goes wrong.</summary>
    public PipelineProject QuantizeAll(params (string Name, string Value)[] properties)
    {
        ProjectResult result = Quantize(properties);
        Assert.IsTrue(result.Succeeded, string.Join('\n', result.Diagnostics));
        return this;
    }

    /// <summary>Quantizes in a worker process.</summary>
    /// <returns>What the worker wrote as its result.</returns>
    public string RunWorker(string? runtimeLibrary, IReadOnlyDictionary<string, string> environment)
    {
        ProjectRequest project = Request();
        var request = new WorkerRequest(
            WorkerRequest.CurrentSchema,
            WorkerRequest.Quantize,
            project.ProjectDirectory,
            project.OutputDirectory,
            project.RootNamespace,
            project.Language,
            [new WorkerSetting(NoCache.Name, NoCache.Value)],
            [.. models.Select(model => new WorkerModel(
                model.Include, model.Path, model.Name, [.. model.Metadata.Select(setting => new WorkerSetting(setting.Name, setting.Value))]))],
            runtimeLibrary);
        System.IO.Directory.CreateDirectory(project.OutputDirectory);
        File.WriteAllBytes(Output("request.json"), JsonSerializer.SerializeToUtf8Bytes(request, WorkerJson.Default.WorkerRequest));

        // The worker ends when its standard input does.
        var start = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            ["exec", Path.Combine(AppContext.BaseDirectory, "quantbuild.dll"), "worker", Output("request.json"), Output("result.json")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        using Process worker = Process.Start(start)!;
        worker.StandardOutput.ReadToEnd();
        worker.WaitForExit();
        return File.ReadAllText(Output("result.json"));
    }

    public static string[] Codes(ProjectResult result) => [.. result.Diagnostics.Select(diagnostic => diagnostic.Code)];

    public static string[] Errors(ProjectResult result) =>
        [.. result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.Code)];

    public JsonElement Report(string name) => JsonDocument.Parse(File.ReadAllBytes(Output(name + ".report.json"))).RootElement;

    public void Dispose() => folder.Dispose();

    private sealed class Watcher(Action<StageProgress> watch) : IProgress<StageProgress>
    {
        public void Report(StageProgress value) => watch(value);
    }
}
