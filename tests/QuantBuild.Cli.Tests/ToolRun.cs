using System.Text.Json;
using QuantBuild.Cli.CommandLine;
using QuantBuild.Cli.Rendering;
using QuantBuild.OnnxRuntime;

namespace QuantBuild.Cli.Tests;

/// <summary>A command that ran in this process, with what it wrote.</summary>
internal sealed record ToolRun(int ExitCode, string Output, string Errors)
{
    public static ToolRun Of(string directory, params string[] arguments) => Of(directory, CancellationToken.None, arguments);

    public static ToolRun Of(string directory, CancellationToken cancellation, params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var console = new ToolConsole(output, errors, IsErrorTerminal: false);
        int exitCode = new Tool(new ToolContext(console, threads => new OnnxRuntimeEngine(null, threads), directory, cancellation)).Run(arguments);
        return new ToolRun(exitCode, output.ToString(), errors.ToString());
    }

    /// <summary>The result of a command that was run with <c>--json</c>.</summary>
    public JsonElement Result => Envelope.GetProperty("result");

    /// <summary>All that such a command writes to standard output.</summary>
    public JsonElement Envelope => JsonDocument.Parse(Output).RootElement;

    public override string ToString() => $"exit code {ExitCode}\n{Output}\n{Errors}";

    public ToolRun Ended(int exitCode)
    {
        Assert.AreEqual(exitCode, ExitCode, ToString());
        Assert.IsFalse(Output.Contains('\e') || Errors.Contains('\e'), $"escape codes: {this}");
        Assert.IsFalse(Errors.Contains("   at ", StringComparison.Ordinal), $"a stack trace: {this}");
        return this;
    }

    public void Says(string text) => StringAssert.Contains(Errors, text);
}
