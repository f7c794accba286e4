using Microsoft.Build.Logging.StructuredLogger;
using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

/// <summary>Assertions that many situations share.</summary>
internal static class Verify
{
    public static BuildLog Succeeded(DotNetRun run)
    {
        Assert.AreEqual(0, run.ExitCode, run.Output + run.Errors);
        return BuildLog.Of(run);
    }

    /// <summary>The build failed with these errors and nothing else, said so as people expect it, and left no assembly.</summary>
    public static BuildLog Failed(TempProject project, DotNetRun run, params string[] codes)
    {
        Assert.AreEqual(1, run.ExitCode, run.Output);
        BuildLog log = BuildLog.Of(run);
        Assert.AreEqual(string.Join(' ', codes), log.ErrorCodes, run.Output);
        Assert.IsFalse(run.Output.Contains("   at ", StringComparison.Ordinal), "No stack trace:\n" + run.Output);
        Assert.IsFalse(File.Exists(project.Assembly));
        return log;
    }

    /// <summary>The error stands at the text in the project file.</summary>
    public static void At(TempProject project, Error error, string text)
    {
        string line = File.ReadAllLines(project.ProjectFile)[project.LineOf(text) - 1];
        Assert.AreEqual(
            (project.ProjectFile, project.LineOf(text), 1 + line.IndexOf(text, StringComparison.Ordinal)),
            (error.File, error.LineNumber, error.ColumnNumber));
    }
}
