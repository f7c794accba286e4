using System.Text.RegularExpressions;
using Microsoft.Build.Logging.StructuredLogger;
using QuantBuild.Testing;
using BuildTask = Microsoft.Build.Logging.StructuredLogger.Task;

namespace QuantBuild.Package.Tests;

/// <summary>What a build did, read from its binary log.</summary>
internal sealed class BuildLog
{
    private static readonly Regex BuildCheckCode = new(@"\bBC\d{4}\b");

    private readonly Build build;

    private BuildLog(Build build)
    {
        this.build = build;
    }

    public static BuildLog Of(DotNetRun run) => new(BinaryLog.ReadBuild(run.BinaryLog));

    /// <summary>In the order of the log, each once.</summary>
    public IReadOnlyList<Error> Errors => [.. build.FindChildrenRecursive<Error>().DistinctBy(error => (error.Code, error.Text, error.LineNumber))];

    public string ErrorCodes => string.Join(' ', Errors.Select(error => error.Code));

    /// <summary>How many worker processes were started to quantize.</summary>
    public int QuantizingWorkers => Workers("quantize.request.json");

    /// <summary>How many worker processes were started, for whatever.</summary>
    public int AllWorkers => Workers("request.json");

    /// <summary>Whether a target did work: it was neither left out nor skipped as up to date.</summary>
    public bool Ran(string target) =>
        build.FindChildrenRecursive<Target>(candidate => candidate.Name == target)
            .Any(candidate => candidate.Children.OfType<BuildTask>().Any());

    /// <summary>The tasks of QuantBuild that were executed, by name, in the order of the log.</summary>
    public IReadOnlyList<string> Tasks => [.. OurTasks.Select(task => task.Name)];

    /// <summary>Where the tasks of QuantBuild that were executed came from, each path once.</summary>
    public IReadOnlyList<string> TaskAssemblies => [.. OurTasks.Select(task => task.FromAssembly).Distinct()];

    /// <summary>Whether a project of the build has targets of QuantBuild.</summary>
    public bool HasTargets =>
        build.FindChildrenRecursive<Target>(target => target.Name.Contains("QuantBuild", StringComparison.Ordinal)).Count > 0;

    /// <summary>What BuildCheck found, as suggestion, warning or error.</summary>
    public IReadOnlyList<string> BuildCheckFindings =>
        [.. build.FindChildrenRecursive<TextNode>(node => BuildCheckCode.IsMatch(node.Text ?? "")).Select(node => node.Text).Distinct()];

    /// <summary>The command lines of all worker processes.</summary>
    public IReadOnlyList<string> WorkerCommands => [.. Commands("request.json").Select(message => message.Text)];

    public bool Says(string text) => build.FindChildrenRecursive<Message>(message => message.Text.Contains(text, StringComparison.Ordinal)).Count > 0;

    private IEnumerable<BuildTask> OurTasks => build.FindChildrenRecursive<BuildTask>(task =>
        Path.GetFileName(task.FromAssembly) == "QuantBuild.Tasks.dll");

    private int Workers(string requestFile) => Commands(requestFile).Count;

    private IReadOnlyList<Message> Commands(string requestFile) => build.FindChildrenRecursive<Message>(message =>
        message.Text.Contains(" exec ", StringComparison.Ordinal)
        && message.Text.Contains("quantbuild.dll", StringComparison.Ordinal)
        && message.Text.Contains(requestFile, StringComparison.Ordinal));
}
