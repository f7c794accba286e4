namespace QuantBuild.Cli.CommandLine;

/// <summary>How a command ended, for scripts.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    public const int Problem = 1;

    public const int WrongUsage = 2;

    public const int GateFailed = 3;

    /// <summary>As shells report a process that Ctrl+C ended.</summary>
    public const int Interrupted = 130;

    public static IReadOnlyList<(int Code, string Meaning)> All { get; } =
    [
        (Success, "success"),
        (Problem, "the model, its data or a setting has a problem (an error QBnnnn)"),
        (WrongUsage, "the command line is wrong"),
        (GateFailed, "the model is less accurate than a limit allows"),
        (Interrupted, "stopped by Ctrl+C"),
    ];
}

/// <summary>A command line that says what no command can do.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>Something about the files that no code of the catalogue speaks of.</summary>
internal sealed class ProblemException(string message) : Exception(message);
