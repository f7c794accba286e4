using System.CommandLine;
using QuantBuild.Cli.Rendering;
using QuantBuild.Diagnostics;
using QuantBuild.Execution;

namespace QuantBuild.Cli.CommandLine;

/// <summary>A command: computes first, then shows what it computed, to people or as JSON. Whatever goes wrong becomes a message and an exit code.</summary>
internal abstract class ToolCommand : Command
{
    private readonly Option<bool> json = new("--json") { Description = "Write the result as JSON to standard output, and nothing else." };

    protected ToolCommand(string name, string description, ToolContext tool)
        : base(name, description)
    {
        Tool = tool;
        Options.Add(json);
        SetAction(Run);
    }

    protected ToolContext Tool { get; }

    /// <param name="problems">Takes what there is to tell; errors decide the exit code where <see cref="CommandOutcome"/> says success.</param>
    protected abstract CommandOutcome Execute(ParseResult parse, DiagnosticBag problems);

    /// <summary>The command's own progress while it works.</summary>
    protected T Watch<T>(Func<IProgress<StageProgress>, T> work) => ProgressView.For(Tool.Console).Watch(work);

    private int Run(ParseResult parse)
    {
        var problems = new DiagnosticBag();
        CommandOutcome outcome;
        string? failure = null;
        try
        {
            outcome = Execute(parse, problems);
        }
        catch (UsageException exception)
        {
            failure = exception.Message;
            outcome = CommandOutcome.Nothing(ExitCode.WrongUsage);
        }
        catch (ProblemException exception)
        {
            failure = exception.Message;
            outcome = CommandOutcome.Nothing(ExitCode.Problem);
        }
        catch (OperationCanceledException) when (Tool.Cancellation.IsCancellationRequested)
        {
            failure = "stopped";
            outcome = CommandOutcome.Nothing(ExitCode.Interrupted);
        }
        catch (Exception exception)
        {
            problems.Add(exception is InferenceException ? DiagnosticCatalogue.ModelDoesNotRun.At(null, Name, exception.Message)
                : Faults.Explain(exception, Path.GetTempPath()));
            outcome = CommandOutcome.Nothing(ExitCode.Problem);
        }
        int exitCode = outcome.ExitCode == ExitCode.Success ? ExitCodeOf(problems) : outcome.ExitCode;
        if (parse.GetValue(json))
            JsonOutput.Write(Tool.Console.Output, new CommandEnvelope(Name, exitCode, [.. problems.Diagnostics.Select(JsonDiagnostic.Of)], failure, outcome.Result));
        else
            outcome.Render(Tool.Console.Output);
        DiagnosticText.Write(Tool.Console.Error, problems.Diagnostics);
        if (failure is not null)
            Tool.Console.Error.WriteLine(exitCode == ExitCode.Interrupted ? failure : $"error: {failure}");
        if (exitCode == ExitCode.WrongUsage)
            Tool.Console.Error.WriteLine($"'quantbuild {Name} --help' tells how it is used.");
        return exitCode;
    }

    /// <summary>Errors of the gate alone say that all went well but the model.</summary>
    private static int ExitCodeOf(DiagnosticBag problems)
    {
        Diagnostic[] errors = [.. problems.Diagnostics.Where(problem => problem.Severity == DiagnosticSeverity.Error)];
        return errors.Length == 0 ? ExitCode.Success
            : Array.TrueForAll(errors, error => Gates.Contains(error.Code)) ? ExitCode.GateFailed
            : ExitCode.Problem;
    }

    private static readonly HashSet<string> Gates = new(
        new[]
        {
            DiagnosticCatalogue.AccuracyDropExceeded, DiagnosticCatalogue.AccuracyBelowMinimum, DiagnosticCatalogue.ErrorAboveMaximum,
            DiagnosticCatalogue.SliceDropExceeded, DiagnosticCatalogue.ModelTooLarge, DiagnosticCatalogue.ModelTooSlow,
        }.Select(descriptor => descriptor.Code),
        StringComparer.Ordinal);
}
