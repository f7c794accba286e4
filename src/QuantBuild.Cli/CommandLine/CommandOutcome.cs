namespace QuantBuild.Cli.CommandLine;

/// <summary>What a command found out, apart from how it is shown.</summary>
/// <param name="Result">Written with <c>--json</c>; null when there is none.</param>
/// <param name="Render">Writes it for people.</param>
internal sealed record CommandOutcome(object? Result, Action<TextWriter> Render, int ExitCode = ExitCode.Success)
{
    public static CommandOutcome Nothing(int exitCode) => new(null, _ => { }, exitCode);
}
