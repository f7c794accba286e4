using System.CommandLine;
using System.CommandLine.Parsing;
using QuantBuild.Diagnostics;

namespace QuantBuild.Cli.CommandLine;

/// <summary>Says what is wrong with a command line, and what was probably meant.</summary>
internal static class UsageErrors
{
    /// <summary>Empty when the line can be understood.</summary>
    public static IReadOnlyList<string> Of(ParseResult parse, RootCommand root)
    {
        Command command = parse.CommandResult.Command;
        if (command == root && parse.UnmatchedTokens.FirstOrDefault() is { } first && !first.StartsWith('-'))
        {
            string[] commands = [.. root.Subcommands.Where(known => !known.Hidden).Select(known => known.Name)];
            return [$"there is no command '{first}'.{Suggestion(first, commands)} Commands: {string.Join(", ", commands)}."];
        }
        string[] unknown = [.. UnknownOptions(parse)];
        if (unknown.Length > 0)
        {
            string[] options = [.. command.Options.Concat(root.Options.Where(option => option.Recursive)).SelectMany(option => option.Aliases.Prepend(option.Name)).Where(name => name.StartsWith("--", StringComparison.Ordinal))];
            string of = command == root ? "there is no option" : $"'{command.Name}' has no option";
            return [.. unknown.Select(option => $"{of} '{option}'.{Suggestion(option, options)}")];
        }
        return [.. parse.Errors.Select(error => error.Message).Distinct(StringComparer.Ordinal)];
    }

    private static string Suggestion(string written, IEnumerable<string> known) =>
        NearestName.Find(written, known) is { } nearest ? $" Did you mean '{nearest}'?" : "";

    /// <summary>What looks like an option and was taken for a value, because no option has that name.</summary>
    private static IEnumerable<string> UnknownOptions(ParseResult parse)
    {
        Option? waiting = null;
        foreach (Token token in parse.Tokens)
        {
            if (token.Type == TokenType.DoubleDash)
                yield break;
            if (token.Type == TokenType.Option)
            {
                waiting = parse.CommandResult.Command.Options.FirstOrDefault(option => option.Name == token.Value || option.Aliases.Contains(token.Value));
                continue;
            }
            bool isValue = waiting is not null && waiting.ValueType != typeof(bool) && !token.Value.StartsWith("--", StringComparison.Ordinal);
            if (token.Type == TokenType.Argument && !isValue && token.Value.Length > 1 && token.Value[0] == '-')
                yield return token.Value.Split('=')[0];
            waiting = null;
        }
    }
}
