using System.Diagnostics;

namespace QuantBuild.Testing;

/// <summary>A command of <c>dotnet</c> that has ended.</summary>
internal sealed record DotNetRun(int ExitCode, string Output, string Errors)
{
    /// <summary>Far more than any command of a test needs on a slow machine; a command that hangs is a failure, not a wait.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Path; empty when none was asked for.</summary>
    public string BinaryLog { get; init; } = "";

    /// <param name="environment">Variables to set; an empty value removes one.</param>
    /// <param name="limit">When to give up; null: the limit of tests.</param>
    /// <param name="program">Started instead of <c>dotnet</c>.</param>
    public static DotNetRun Start(
        string directory,
        IReadOnlyDictionary<string, string> environment,
        IEnumerable<string> arguments,
        TimeSpan? limit = null,
        string? program = null)
    {
        ProcessStartInfo start = StartInfo(directory, environment, arguments);
        start.FileName = program ?? start.FileName;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(limit ?? Limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"'{start.FileName} {string.Join(' ', arguments)}' does not end. It wrote: {output.Result}");
        }

        return new DotNetRun(process.ExitCode, output.Result, errors.Result);
    }

    /// <summary>How <see cref="Start"/> starts a command: with what the test host has inherited from MSBuild taken away.</summary>
    public static ProcessStartInfo StartInfo(
        string directory, IReadOnlyDictionary<string, string> environment, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // The test host is started by MSBuild, whose own variables would tell the commands where another MSBuild lives.
        foreach (string inherited in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(inherited);
        foreach ((string name, string value) in environment)
        {
            if (value.Length == 0)
                start.Environment.Remove(name);
            else
                start.Environment[name] = value;
        }

        return start;
    }
}
