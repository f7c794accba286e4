using System.CommandLine;
using System.CommandLine.Completions;

namespace QuantBuild.Cli.Completion;

/// <summary>What a shell completes after the name of a command.</summary>
/// <param name="Words">Values of its argument, where they are known; empty for files.</param>
internal sealed record CompletedCommand(string Name, string Description, IReadOnlyList<CompletedOption> Options, IReadOnlyList<string> Words)
{
    /// <summary>The commands that are for people, as the program itself knows them.</summary>
    public static IReadOnlyList<CompletedCommand> All(RootCommand root) =>
    [
        .. root.Subcommands.Where(command => !command.Hidden).Select(command => new CompletedCommand(
            command.Name,
            command.Description ?? "",
            [.. command.Options.Where(option => !option.Hidden).Select(CompletedOption.Of).Append(new CompletedOption("--help", "Show how the command is used.", false, []))],
            [.. command.Arguments.SelectMany(argument => argument.GetCompletions(CompletionContext.Empty)).Select(item => item.Label)])),
    ];
}

/// <param name="Words">Values, where they are known; empty for files and free text.</param>
internal sealed record CompletedOption(string Name, string Description, bool TakesValue, IReadOnlyList<string> Words)
{
    public static CompletedOption Of(Option option) => new(
        option.Name,
        option.Description ?? "",
        option.ValueType != typeof(bool),
        option.ValueType == typeof(bool) ? [] : [.. option.GetCompletions(CompletionContext.Empty).Select(item => item.Label)]);
}
