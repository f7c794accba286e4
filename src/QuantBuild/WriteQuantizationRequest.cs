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

    /// <summary>The files that name the classes of models, which decide what is generated.</summary>
    [Output]
    public ITaskItem[] LabelFiles { get; private set; } = [];

    public override bool Execute()
    {
        string projectDirectory = Path.GetDirectoryName(ProjectFile)!;
        var settings = new SettingNames(Settings);
        IReadOnlyList<ModelForm> wanted = ModelForm.Of(Models, settings);
        WorkerRequest request = Request(projectDirectory, settings, wanted);
        RequestedModels = [.. wanted.Zip(request.Models, (form, model) => Requested(form, request, model))];
        LabelFiles = [.. request.Models.Select(model => SettingNames.LabelFile(request, model)).OfType<string>()
            .Distinct(StringComparer.Ordinal).Select(path => new TaskItem(EscapedText.Escape(path)))];
        string requestPath = Path.Combine(projectDirectory, RequestFile);
        try
        {
            bool changed = AtomicFile.WriteIfDifferent(requestPath, RequestJson.ToBytes(request));
            Log.LogMessage(MessageImportance.Low, "QuantBuild: '{0}' {1}.", RequestFile, changed ? "was written" : "is current");
            IReadOnlyList<string> files = [.. request.Models.SelectMany(model => ModelFiles.Of(request, model, settings)).Distinct(StringComparer.Ordinal)];
            DataFiles = [.. DataFolders.Watch(files, Path.Combine(request.OutputDirectory, DataListing)).Select(path => new TaskItem(EscapedText.Escape(path)))];
            DeleteUnlessAllExist(Path.Combine(projectDirectory, GeneratedStamp), request, SourcesOf);
            DeleteUnlessAllExist(
                Path.Combine(projectDirectory, QuantizedStamp), request, model => [.. new KeyFile(request.OutputDirectory, model.Name, request.Language).Outputs]);
            if (!new LockStamp(request).IsCurrent)
                File.Delete(Path.Combine(projectDirectory, QuantizedStamp));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.Write(TaskDiagnostics.OutputNotWritable(requestPath, exception.Message), new SourcePosition(ProjectFile, 0, 0));
        }

        return !Log.HasLoggedErrors;
    }

    private WorkerRequest Request(string projectDirectory, SettingNames settings, IReadOnlyList<ModelForm> wanted)
    {
        var files = new ProjectFiles(ProjectFile, DirectoryBuildProps, DirectoryBuildTargets);
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
            Models = [.. wanted.Select(form => new RequestModel
            {
                Include = form.Item.ItemSpec,
                Path = Path.GetFullPath(Path.Combine(projectDirectory, form.Item.ItemSpec)),
                Name = ModelNames.Of(form.Name, form.Variant),
                Variant = form.Variant,
                Family = form.Variant == null ? null : form.Name,
                Metadata = Metadata(form.Item),
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

    private ITaskItem Requested(ModelForm form, WorkerRequest project, RequestModel request)
    {
        string outputs = EscapedText.Escape(Path.Combine(OutputDirectory, request.Name));
        string code = EscapedText.Escape(Path.Combine(OutputDirectory, request.CodeName));
        return new TaskItem(EscapedText.Escape(request.Path), new Dictionary<string, string>
        {
            ["Include"] = EscapedText.Escape(request.Include),
            ["Model"] = EscapedText.Escape(request.Id),
            ["DefinedIn"] = EscapedText.Escape(form.Item.GetMetadata("DefiningProjectFullPath")),
            ["GeneratedCode"] = form.IsFirst ? SourceFiles.Class(code, project.Language) ?? "" : "",
            ["GeneratedMetadata"] = SourceFiles.Metadata(outputs, project.Language) ?? "",
            ["QuantizedModel"] = outputs + ".onnx",
            ["QuantizedWeights"] = outputs + ".onnx.data",
            ["PackedModel"] = outputs + ".onnx.br",
            ["RejectedModel"] = outputs + ".rejected.onnx",
            ["RejectedWeights"] = outputs + ".rejected.onnx.data",
            ["Embed"] = SettingNames.ValueOf(project, request, "Embed") ?? "",
            ["Compression"] = SettingNames.ValueOf(project, request, "Compression") ?? "",
            ["CopiedName"] = EscapedText.Escape(request.Name + ".onnx"),
            ["Report"] = outputs + ".report.json",
            ["ReportPage"] = outputs + ".report.html",
            ["LockEntry"] = outputs + ".lock.json",
            ["Key"] = outputs + ".key",
            ["LogicalName"] = EscapedText.Escape("QuantBuild." + request.Name + ".onnx"),
        });
    }

    private string[] SourcesOf(RequestModel model) =>
        SourceFiles.Class(model.CodeName, Language ?? "") is { } code && SourceFiles.Metadata(model.Name, Language ?? "") is { } metadata ? [code, metadata] : [];

    /// <remarks>A stamp of the future was written before somebody set the clock back: what changes now would look older.</remarks>
    private static void DeleteUnlessAllExist(string stamp, WorkerRequest request, Func<RequestModel, string[]> outputsOf)
    {
        IEnumerable<string> outputs = request.Models.SelectMany(outputsOf);
        if (File.GetLastWriteTimeUtc(stamp) > DateTime.UtcNow
            || !outputs.All(output => File.Exists(Path.Combine(request.OutputDirectory, output))))
            File.Delete(stamp);
    }
}
