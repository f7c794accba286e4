using System.CommandLine;
using System.CommandLine.Help;
using QuantBuild.Cli.CommandLine;
using QuantBuild.Cli.Commands;

namespace QuantBuild.Cli;

/// <summary>The program that people use: finds the command of a command line and runs it. The worker of builds is none of it.</summary>
internal sealed class Tool(ToolContext context)
{
    /// <summary>The same on every terminal, so that help reads the same everywhere.</summary>
    private const int HelpWidth = 120;

    private static readonly ParserConfiguration Parsing = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    public int Run(IReadOnlyList<string> arguments)
    {
        RootCommand root = Commands();
        if (arguments.Count == 0)
        {
            root.Parse(["--help"], Parsing).Invoke(new InvocationConfiguration { Output = context.Console.Error, Error = context.Console.Error });
            return ExitCode.WrongUsage;
        }
        ParseResult parse = root.Parse(arguments, Parsing);
        bool asksOnly = parse.Action is HelpWithExitCodes or VersionOfTheTool;
        IReadOnlyList<string> errors = asksOnly ? [] : UsageErrors.Of(parse, root);
        if (errors.Count > 0)
        {
            foreach (string error in errors)
                context.Console.Error.WriteLine($"error: {error}");
            Command command = parse.CommandResult.Command;
            context.Console.Error.WriteLine($"'quantbuild {(command == root ? "" : command.Name + " ")}--help' tells how it is used.");
            return ExitCode.WrongUsage;
        }
        return parse.Invoke(new InvocationConfiguration
        {
            Output = context.Console.Output, Error = context.Console.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null,
        });
    }

    /// <summary>All commands, in the order in which they are listed.</summary>
    private RootCommand Commands()
    {
        var root = new RootCommand("Quantizes ONNX models, checks their accuracy, and shows what is in them.")
        {
            new QuantizeCommand(context),
            new SearchCommand(context),
            new InspectCommand(context),
            new EvaluateCommand(context),
            new CompareCommand(context),
            new BenchCommand(context),
            new ReportCommand(context),
            new ExplainCommand(context),
            new CompletionCommand(context, Commands),
            new LoadProcess(context),
        };
        root.Directives.Clear();
        foreach (HelpOption help in root.Options.OfType<HelpOption>())
        {
            if (help.Action is HelpAction action)
            {
                action.MaxWidth = HelpWidth;
                help.Action = new HelpWithExitCodes(action);
            }
        }
        foreach (VersionOption version in root.Options.OfType<VersionOption>())
            version.Action = new VersionOfTheTool();
        return root;
    }
}
