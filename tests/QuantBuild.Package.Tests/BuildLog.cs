using Microsoft.Build.Logging.StructuredLogger;
using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

/// <summary>What a build did, read from its binary log.</summary>
internal sealed class BuildLog
{
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
        build.FindChildrenRecursive<Target>(candidate => candidate.Name == target).Any(candidate => candidate.Children.OfType<Microsoft.Build.Logging.StructuredLogger.Task>().Any());

    public bool Says(string text) => build.FindChildrenRecursive<Message>(message => message.Text.Contains(text, StringComparison.Ordinal)).Count > 0;

    private int Workers(string requestFile) => build.FindChildrenRecursive<Message>(message =>
        message.Text.Contains(" exec ", StringComparison.Ordinal)
        && message.Text.Contains("quantbuild.dll", StringComparison.Ordinal)
        && message.Text.Contains(requestFile, StringComparison.Ordinal)).Count;
}
