using System.CommandLine;
using System.CommandLine.Completions;
using QuantBuild.Cli.CommandLine;
using QuantBuild.Cli.Rendering;
using QuantBuild.Diagnostics;
using QuantBuild.Settings;

namespace QuantBuild.Cli.Commands;

/// <param name="Page">The reference page, in Markdown.</param>
internal sealed record CodeExplanation(string Code, string Severity, string Title, string Cause, string Fix, string Page);

/// <param name="Option">Null for a setting of builds only.</param>
/// <param name="Default">Empty where there is none; <paramref name="DefaultMeaning"/> then tells what holds.</param>
internal sealed record SettingExplanation(
    string Name, string Property, string? Option, string Meaning, string Allowed, string Default, string DefaultMeaning, bool IsAvailable);

internal sealed record CodeSummary(string Code, string Severity, string Title);

/// <summary>Shows what a code or a setting means, from the documentation that ships.</summary>
internal sealed class ExplainCommand : ToolCommand
{
    private readonly Argument<string?> topic = new("TOPIC")
    {
        Description = "A code (QB7001) or a setting (Scheme, --scheme); without it all codes are listed.", Arity = ArgumentArity.ZeroOrOne, HelpName = "TOPIC",
    };

    public ExplainCommand(ToolContext tool)
        : base("explain", "Explain a code or a setting.", tool)
    {
        Arguments.Add(topic);
        topic.CompletionSources.Add(
            [.. DiagnosticCatalogue.All.Select(descriptor => descriptor.Code), .. SettingCatalogue.All.Select(setting => setting.Name)]);
    }

    protected override CommandOutcome Execute(ParseResult parse, DiagnosticBag problems)
    {
        if (parse.GetValue(topic) is not { } asked)
        {
            CodeSummary[] all = [.. DiagnosticCatalogue.All.Select(code => new CodeSummary(code.Code, DiagnosticText.WordOf(code.Severity), code.Title))];
            return new CommandOutcome(all, writer => ExplainText.WriteList(writer, all));
        }
        if (DiagnosticCatalogue.All.FirstOrDefault(code => code.Code.Equals(asked, StringComparison.OrdinalIgnoreCase)) is { } descriptor)
        {
            var code = new CodeExplanation(
                descriptor.Code, DiagnosticText.WordOf(descriptor.Severity), descriptor.Title, descriptor.Cause, descriptor.Fix, ReferencePages.Of(descriptor));
            return new CommandOutcome(code, writer => ExplainText.Write(writer, code));
        }
        SettingDescriptor setting = SettingCatalogue.All.FirstOrDefault(setting => IsAsked(setting, asked))
            ?? throw new UsageException($"there is no code and no setting '{asked}'.{Suggestion(asked)}");
        var explained = new SettingExplanation(
            setting.Name,
            setting.PropertyName,
            SettingOptions.IsOption(setting) ? SettingOptions.NameOf(setting) : null,
            setting.Meaning,
            setting.Kind.Allowed,
            setting.Default,
            setting.DefaultMeaning,
            setting.IsAvailable);
        return new CommandOutcome(explained, writer => ExplainText.Write(writer, explained));
    }

    private static bool IsAsked(SettingDescriptor setting, string asked) =>
        SettingOptions.IsName(setting, asked) || SettingOptions.NameOf(setting).TrimStart('-').Equals(asked.TrimStart('-'), StringComparison.OrdinalIgnoreCase);

    private static string Suggestion(string asked) => NearestName.Find(
        asked, [.. DiagnosticCatalogue.All.Select(code => code.Code), .. SettingCatalogue.All.Select(setting => setting.Name)]) is { } nearest
        ? $" Did you mean '{nearest}'?"
        : " 'quantbuild explain' lists all codes.";
}
