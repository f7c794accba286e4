using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using QuantBuild.Tasks.Keys;
using QuantBuild.Tasks.Positions;
using QuantBuild.Tasks.Protocol;
using QuantBuild.Tasks.Requests;
using QuantBuild.Tasks.Sarif;
using QuantBuild.Tasks.Workers;

namespace QuantBuild.Tasks;

/// <summary>
/// Has the worker process generate classes or quantize models, and tells MSBuild what it found. Models whose content is the one
/// that they were quantized from are left alone; when all are, no process is started.
/// </summary>
[MSBuildMultiThreadableTask]
public sealed class RunQuantBuildWorker : Task, ICancelableTask
{
    private const string GateCodes = "QB7";

    private static readonly TimeSpan CancellationGrace = TimeSpan.FromSeconds(3);

    private readonly Lazy<WorkerRun> run;

    private SarifLog? sarif;

    private IReadOnlyCollection<string>? looked;

    public RunQuantBuildWorker()
    {
        run = new Lazy<WorkerRun>(() => new WorkerRun(StartWorker, Grace));
    }

    /// <summary><c>generate</c> or <c>quantize</c>.</summary>
    [Required]
    public string Command { get; set; } = "";

    /// <summary>Written by <see cref="WriteQuantizationRequest"/>.</summary>
    [Required]
    public string RequestFile { get; set; } = "";

    /// <summary>As <see cref="WriteQuantizationRequest"/> returned them.</summary>
    [Required]
    public ITaskItem[] Models { get; set; } = [];

    /// <inheritdoc cref="WriteQuantizationRequest.Settings"/>
    [Required]
    public ITaskItem[] Settings { get; set; } = [];

    [Required]
    public string ProjectFile { get; set; } = "";

    public string? DirectoryBuildProps { get; set; }

    public string? DirectoryBuildTargets { get; set; }

    /// <summary>Folder of <c>quantbuild.dll</c>.</summary>
    [Required]
    public string WorkerDirectory { get; set; } = "";

    /// <summary>Native libraries of ONNX Runtime that the project's packages bring, with the metadata <c>RuntimeIdentifier</c>.</summary>
    public ITaskItem[] RuntimeLibraries { get; set; } = [];

    /// <summary>Assemblies of earlier builds, which hold a model that passed then. They are deleted when a model no longer passes the gate.</summary>
    public ITaskItem[] Assemblies { get; set; } = [];

    /// <summary>MSBuild's <c>$(NetCoreRoot)</c>.</summary>
    public string? SdkRoot { get; set; }

    /// <summary>Written when everything is current; carries the time at which this task began to read.</summary>
    [Required]
    public string Stamp { get; set; } = "";

    internal StartWorker StartWorker { get; set; } = WorkerProcess.Start;

    internal TimeSpan Grace { get; set; } = CancellationGrace;

    internal Func<string?, string?> FindHost { get; set; } = new DotNetHost(
        Environment.GetEnvironmentVariable, File.Exists, RuntimeInformation.IsOSPlatform(OSPlatform.Windows)).Find;

    private string ProjectDirectory => Path.GetDirectoryName(ProjectFile)!;

    public void Cancel() => run.Value.Cancel();

    public override bool Execute()
    {
        DateTime started = DateTime.UtcNow;
        try
        {
            WorkerRequest project = Json.Deserialize<WorkerRequest>(File.ReadAllBytes(InProject(RequestFile)));
            project.RuntimeLibrary = RuntimeLibrary.ForHost(RuntimeLibraries, RuntimeLibrary.HostIdentifier);
            sarif = new SarifLog(project.OutputDirectory, ProjectDirectory, Command);
            bool isComplete = Command == WorkerRequest.Quantize ? Quantize(project) : Generate(project);
            LeftoverFiles.Delete(project.OutputDirectory);
            WriteSarif(project);

            // With the time of the start: what changes while the work is going on is newer than the stamp.
            if (isComplete)
                AtomicFile.Write(InProject(Stamp), [], started);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.Write(TaskDiagnostics.OutputNotWritable(InProject(Stamp), exception.Message), new SourcePosition(ProjectFile, 0, 0));
        }

        return !Log.HasLoggedErrors && !run.Value.IsCancelled;
    }

    /// <returns>Whether every class is current now.</returns>
    private bool Generate(WorkerRequest project)
    {
        var key = new GenerationKey(project, WorkerDirectory);
        if (key.IsCurrent && Models.All(model => Exists(model.GetMetadata("GeneratedCode")) && Exists(model.GetMetadata("GeneratedMetadata"))))
        {
            Log.LogMessage(MessageImportance.Low, "QuantBuild: the generated classes are current: same content as when they were made.");
            return true;
        }

        // What is a warning only has to come again in the next build when the project counts it as an error.
        if (Start(project) == null || Log.HasLoggedErrors)
            return false;

        key.Write();
        return true;

        bool Exists(string source) => source.Length == 0 || File.Exists(InProject(source));
    }

    /// <returns>Whether every model is current now.</returns>
    private bool Quantize(WorkerRequest project)
    {
        var keys = new QuantizationKeys(project, new SettingNames(Settings), WorkerDirectory);
        List<RequestModel> stale = [];
        foreach (RequestModel model in project.Models)
        {
            string? reason = keys.WhyStale(model);
            Log.LogMessage(MessageImportance.Low, "{0}", reason == null
                ? $"QuantBuild: '{model.Id}' is current: same content as when it was quantized."
                : $"QuantBuild: '{model.Id}' has to be quantized: {reason}.");
            if (reason != null)
                stale.Add(model);
        }

        Log.LogMessage(MessageImportance.Normal, "QuantBuild: {0} of {1} models to quantize.", stale.Count, project.Models.Count);
        var compared = new LockStamp(project);
        if (stale.Count == 0 && compared.IsCurrent)
            return true;

        compared.Forget();
        foreach (RequestModel model in project.Models)
            model.IsCurrent = !stale.Contains(model);
        WorkerResult? result = Start(project.With(WorkerRequest.Quantize, project.Models));
        // The lock file may hold choices of another machine, by which the worker has made what was current.
        stale.AddRange(project.Models.Where(model => model.IsCurrent && result?.Models?.Exists(made => made.Include == model.Id) == true));
        looked = [.. stale.Select(model => model.Id)];
        if (result == null || !Record(keys, stale, result) || Log.HasLoggedErrors)
            return false;

        new LockStamp(project).Write();
        return true;
    }

    /// <summary>Where nothing was looked at, the file of an earlier build tells what there is to tell.</summary>
    private void WriteSarif(WorkerRequest project)
    {
        if (run.IsValueCreated || sarif?.IsEmpty == false)
            sarif?.Write([.. project.Models.Select(model => model.Id)], looked);
    }

    /// <summary>Remembers what each model without an error was made from.</summary>
    /// <returns>Whether all of them could be recorded.</returns>
    private bool Record(QuantizationKeys keys, List<RequestModel> models, WorkerResult result)
    {
        // A warning that the project counts as an error has to come again in the next build.
        List<ResultDiagnostic> errors = [.. Log.HasLoggedErrors ? result.Problems : result.Errors];
        bool allRecorded = true;
        foreach (RequestModel model in models.Where(model => !errors.Exists(error => error.Model == null || error.Model == model.Include || error.Model == model.Id)))
        {
            Recording recording = keys.Record(model, result.Models?.Find(made => made.Include == model.Id)?.Inputs);
            allRecorded &= recording == Recording.Done;
            if (recording == Recording.OutputsMissing)
                Report(TaskDiagnostics.WorkerFailed($"nothing was written for '{model.Id}'."));
            else if (recording == Recording.InputsChanged)
                Log.LogMessage(MessageImportance.Normal, "QuantBuild: '{0}' changed meanwhile; the next build quantizes it again.", model.Id);
        }

        return allRecorded;
    }

    /// <returns>Null when there is no result, which has been logged.</returns>
    private WorkerResult? Start(WorkerRequest request)
    {
        if (FindHost(SdkRoot) is not { } host)
        {
            Report(TaskDiagnostics.HostNotFound("no dotnet in DOTNET_HOST_PATH, the SDK, DOTNET_ROOT or PATH."));
            return null;
        }

        string requestPath = InProject(RequestFile);
        if (request.Command != WorkerRequest.Generate)
        {
            requestPath = Path.Combine(request.OutputDirectory, request.Command + ".request.json");
            AtomicFile.WriteIfDifferent(requestPath, RequestJson.ToBytes(request));
        }

        string resultPath = AtomicFile.NewTemporaryPath(Path.Combine(request.OutputDirectory, Command + ".result.json"));
        var command = new WorkerCommand(host, ["exec", Path.Combine(WorkerDirectory, "quantbuild.dll"), "worker", requestPath, resultPath], ProjectDirectory);
        Log.LogMessage(MessageImportance.Low, "{0} {1}", command.FileName, CommandLine.Join(command.Arguments));

        var progress = new ProgressLog(Log);
        WorkerResult? result = run.Value.Execute(command, resultPath, progress.Write);
        foreach (ResultDiagnostic diagnostic in result?.Diagnostics ?? [])
            Report(diagnostic);
        foreach (ResultModel model in result?.Models ?? [])
            Summarize(model);
        if (result?.Errors.Any(error => error.Code?.StartsWith(GateCodes, StringComparison.Ordinal) == true) == true)
            DeleteAssemblies();
        return result;
    }

    /// <summary>A program that could still be started would run the model that was just refused.</summary>
    private void DeleteAssemblies()
    {
        foreach (string path in Assemblies.Select(assembly => InProject(assembly.ItemSpec)).Where(File.Exists))
        {
            File.Delete(path);
            Log.LogMessage(MessageImportance.Normal, "QuantBuild: '{0}' was deleted: it holds a model that does not pass the gate.", path);
        }
    }

    private void Report(ResultDiagnostic diagnostic)
    {
        var positions = new SettingPositions(
            new ProjectFiles(ProjectFile, DirectoryBuildProps, DirectoryBuildTargets),
            include => Models.FirstOrDefault(model => model.GetMetadata("Include") == include)?.GetMetadata("DefinedIn") is { Length: > 0 } file ? file : null);
        string? written = Models.FirstOrDefault(item => item.GetMetadata("Model") == diagnostic.Model)?.GetMetadata("Include");
        SourcePosition position = positions.Find(written ?? diagnostic.Model, diagnostic.Setting);
        Log.Write(diagnostic, position);
        sarif?.Add(diagnostic, position);
    }

    private void Summarize(ResultModel model)
    {
        foreach (string note in model.Notes ?? [])
            Log.LogMessage(MessageImportance.Normal, "QuantBuild: '{0}': {1}.", model.Include, note);
        if (model.Summary is not { Length: > 0 } summary)
            return;

        Log.LogMessage(MessageImportance.High, "{0}", summary);
        if (Models.FirstOrDefault(item => item.GetMetadata("Model") == model.Include) is { } item)
            Log.LogMessage(MessageImportance.Normal, "QuantBuild: report of '{0}': {1}", model.Include, InProject(item.GetMetadata("ReportPage")));
    }

    private string InProject(string path) => Path.GetFullPath(Path.Combine(ProjectDirectory, path));
}
