using System.CommandLine;
using System.CommandLine.Completions;
using QuantBuild.Cli.CommandLine;
using QuantBuild.Cli.Completion;
using QuantBuild.Diagnostics;

namespace QuantBuild.Cli.Commands;

internal sealed record CompletionResult(string Shell, string Script);

/// <summary>Writes the script that teaches a shell the commands and options of this program.</summary>
internal sealed class CompletionCommand : ToolCommand
{
    private readonly Argument<string> shell = new("SHELL") { Description = "bash, zsh, pwsh or fish.", HelpName = "SHELL" };
    private readonly Func<RootCommand> root;

    /// <param name="root">The whole program.</param>
    public CompletionCommand(ToolContext tool, Func<RootCommand> root)
        : base("completion", "Write the completion script of a shell: source <(quantbuild completion bash).", tool)
    {
        this.root = root;
        Arguments.Add(shell);
        shell.CompletionSources.Add([.. CompletionScript.Shells.Keys]);
    }

    protected override CommandOutcome Execute(ParseResult parse, DiagnosticBag problems)
    {
        string asked = parse.GetValue(shell)!;
        if (!CompletionScript.Shells.TryGetValue(asked, out Func<IReadOnlyList<CompletedCommand>, string>? write))
        {
            string suggestion = NearestName.Find(asked, CompletionScript.Shells.Keys) is { } nearest ? $" Did you mean '{nearest}'?" : "";
            throw new UsageException($"there is no script for '{asked}'.{suggestion} Shells: {string.Join(", ", CompletionScript.Shells.Keys)}.");
        }
        string script = write(CompletedCommand.All(root()));
        return new CommandOutcome(new CompletionResult(asked, script), writer => writer.Write(script));
    }
}
