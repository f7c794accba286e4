using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using QuantBuild.Tasks.Positions;
using QuantBuild.Tasks.Keys;
using QuantBuild.Tasks.Protocol;
using QuantBuild.Tasks.Requests;

namespace QuantBuild.Tasks;

/// <summary>
/// Writes down what the project asks for, in a file that changes only when the wish changes, and says which files will be made.
/// Runs in every build, in the IDE too; reads no model and no data, but lists data folders.
/// </summary>
[MSBuildMultiThreadableTask]
public sealed class WriteQuantizationRequest : Task
{
    private const string DataListing = "folders.list";

    /// <summary>The <c>QuantizeModel</c> items.</summary>
    [Required]
    public ITaskItem[] Models { get; set; } = [];

    /// <summary>All settings: identity is the name, metadata <c>Value</c> the property's value, <c>File</c> whether it names a file.</summary>
    [Required]
    public ITaskItem[] Settings { get; set; } = [];

    /// <summary>Metadata that belong to MSBuild or the IDE and are no settings.</summary>
    public ITaskItem[] IgnoredMetadata { get; set; } = [];

    [Required]
    public string ProjectFile { get; set; } = "";

    public string? DirectoryBuildProps { get; set; }

    public string? DirectoryBuildTargets { get; set; }

    /// <summary>Relative to the project or absolute; named so in the items that are returned.</summary>
    [Required]
    public string OutputDirectory { get; set; } = "";

    [Required]
    public string RequestFile { get; set; } = "";

    /// <summary>Deleted when a generated class is missing, so that the target which makes it runs.</summary>
    [Required]
    public string GeneratedStamp { get; set; } = "";

    /// <summary>Deleted when a quantized model is missing, so that the target which makes it runs.</summary>
    [Required]
    public string QuantizedStamp { get; set; } = "";

    /// <summary>MSBuild's <c>$(TargetFramework)</c> where the project has several; otherwise empty.</summary>
    public string? TargetFramework { get; set; }

    /// <summary>Relative to the project or absolute; shared by the builds for all target frameworks.</summary>
    public string? SharedDirectory { get; set; }

    /// <summary>MSBuild's <c>$(ContinuousIntegrationBuild)</c>.</summary>
    public string? ContinuousIntegrationBuild { get; set; }

    public string? RootNamespace { get; set; }

    public string? Language { get; set; }

    /// <summary>One item per model: its path, with what will be made from it as metadata.</summary>
    [Output]
    public ITaskItem[] RequestedModels { get; private set; } = [];

    /// <summary>The other files that decide what is made; in place of folders one that lists what they hold.</summary>
    [Output]
    public ITaskItem[] DataFiles { get; private set; } = [];

    public override bool Execute()
    {
        string projectDirectory = Path.GetDirectoryName(ProjectFile)!;
        var settings = new SettingNames(Settings);
        WorkerRequest request = Request(projectDirectory, settings);
        RequestedModels = [.. Models.Zip(request.Models, (item, model) => Requested(item, request, model))];
        string requestPath = Path.Combine(projectDirectory, RequestFile);
        try
        {
            bool changed = AtomicFile.WriteIfDifferent(requestPath, RequestJson.ToBytes(request));
            Log.LogMessage(MessageImportance.Low, "QuantBuild: '{0}' {1}.", RequestFile, changed ? "was written" : "is current");
            IReadOnlyList<string> files = [.. request.Models.SelectMany(model => ModelFiles.Of(request, model, settings)).Distinct(StringComparer.Ordinal)];
            DataFiles = [.. DataFolders.Watch(files, Path.Combine(request.OutputDirectory, DataListing)).Select(path => new TaskItem(EscapedText.Escape(path)))];
            DeleteUnlessAllExist(Path.Combine(projectDirectory, GeneratedStamp), request, name => SourcesOf(name));
            DeleteUnlessAllExist(Path.Combine(projectDirectory, QuantizedStamp), request, name => [.. new KeyFile(request.OutputDirectory, name, request.Language).Outputs]);
            if (!new LockStamp(request).IsCurrent)
                File.Delete(Path.Combine(projectDirectory, QuantizedStamp));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.Write(TaskDiagnostics.OutputNotWritable(requestPath, exception.Message), new SourcePosition(ProjectFile, 0, 0));
        }

        return !Log.HasLoggedErrors;
    }

    private WorkerRequest Request(string projectDirectory, SettingNames settings)
    {
        var files = new ProjectFiles(ProjectFile, DirectoryBuildProps, DirectoryBuildTargets);
        IReadOnlyList<string> names = ModelNames.For([.. Models.Select(model => model.ItemSpec)]);
        return new WorkerRequest
        {
            Tool = Version(typeof(WriteQuantizationRequest).Assembly),
            ProjectDirectory = projectDirectory,
            OutputDirectory = Path.GetFullPath(Path.Combine(projectDirectory, OutputDirectory)),
            RootNamespace = RootNamespace ?? "",
            Language = Language ?? "",
            TargetFramework = TargetFramework ?? "",
            SharedDirectory = Path.GetFullPath(Path.Combine(projectDirectory, SharedDirectory ?? OutputDirectory)),
            IsContinuousIntegration = string.Equals(ContinuousIntegrationBuild, "true", StringComparison.OrdinalIgnoreCase),
            LockFile = settings.LockFile(projectDirectory),
            Properties = [.. settings.Properties()
                .Concat(UnknownProperties.In(files, settings))
                .Concat(UnknownProperties.In(BuildEngine, settings))
                .GroupBy(property => property.Name, StringComparer.OrdinalIgnoreCase)
                .Select(group => group.Last())
                .OrderBy(property => property.Name, StringComparer.Ordinal)],
            Models = [.. Models.Select((model, index) => new RequestModel
            {
                Include = model.ItemSpec,
                Path = Path.GetFullPath(Path.Combine(projectDirectory, model.ItemSpec)),
                Name = names[index],
                Metadata = Metadata(model),
            })],
        };
    }

    /// <summary>With the folder, as packages of one version that are developed differ in nothing else.</summary>
    private static string Version(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>().InformationalVersion + " " + Path.GetDirectoryName(assembly.Location);

    private List<RequestSetting> Metadata(ITaskItem model)
    {
        var ignored = new HashSet<string>(IgnoredMetadata.Select(name => name.ItemSpec), StringComparer.OrdinalIgnoreCase);
        return [.. model.CloneCustomMetadata().Keys.Cast<string>()
            .Where(name => !ignored.Contains(name))
            .Select(name => new RequestSetting(name, model.GetMetadata(name)))
            .Where(setting => setting.Value.Length > 0)
            .OrderBy(setting => setting.Name, StringComparer.Ordinal)];
    }

    private ITaskItem Requested(ITaskItem model, WorkerRequest project, RequestModel request)
    {
        string outputs = EscapedText.Escape(Path.Combine(OutputDirectory, request.Name));
        return new TaskItem(EscapedText.Escape(request.Path), new Dictionary<string, string>
        {
            ["Include"] = EscapedText.Escape(request.Include),
            ["DefinedIn"] = EscapedText.Escape(model.GetMetadata("DefiningProjectFullPath")),
            ["GeneratedCode"] = SourceFiles.Class(outputs, project.Language) ?? "",
            ["GeneratedMetadata"] = SourceFiles.Metadata(outputs, project.Language) ?? "",
            ["QuantizedModel"] = outputs + ".onnx",
            ["QuantizedWeights"] = outputs + ".onnx.data",
            ["RejectedModel"] = outputs + ".rejected.onnx",
            ["RejectedWeights"] = outputs + ".rejected.onnx.data",
            ["Embed"] = SettingNames.ValueOf(project, request, "Embed") ?? "",
            ["CopiedName"] = EscapedText.Escape(request.Name + ".onnx"),
            ["Report"] = outputs + ".report.json",
            ["LockEntry"] = outputs + ".lock.json",
            ["Key"] = outputs + ".key",
            ["LogicalName"] = EscapedText.Escape("QuantBuild." + request.Name + ".onnx"),
        });
    }

    private string[] SourcesOf(string name) =>
        SourceFiles.Class(name, Language ?? "") is { } code && SourceFiles.Metadata(name, Language ?? "") is { } metadata ? [code, metadata] : [];

    /// <remarks>A stamp of the future was written before somebody set the clock back: what changes now would look older.</remarks>
    private static void DeleteUnlessAllExist(string stamp, WorkerRequest request, Func<string, string[]> outputsOf)
    {
        IEnumerable<string> outputs = request.Models.SelectMany(model => outputsOf(model.Name));
        if (File.GetLastWriteTimeUtc(stamp) > DateTime.UtcNow
            || !outputs.All(output => File.Exists(Path.Combine(request.OutputDirectory, output))))
            File.Delete(stamp);
    }
}
