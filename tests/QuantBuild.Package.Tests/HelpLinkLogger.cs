using Microsoft.Build.Framework;

namespace QuantBuild.Package.Tests;

/// <summary>Writes the links of errors and warnings to a file, as binary logs leave them out; loaded by the MSBuild under test.</summary>
public sealed class HelpLinkLogger : ILogger
{
    public LoggerVerbosity Verbosity { get; set; }

    /// <summary>Path of the file.</summary>
    public string? Parameters { get; set; }

    /// <summary>Argument of a command that loads this logger.</summary>
    internal static string Switch(string file) => $"-logger:{typeof(HelpLinkLogger).FullName},{typeof(HelpLinkLogger).Assembly.Location};{file}";

    public void Initialize(IEventSource eventSource)
    {
        eventSource.ErrorRaised += (_, error) => Write(error.Code, error.HelpLink);
        eventSource.WarningRaised += (_, warning) => Write(warning.Code, warning.HelpLink);
    }

    public void Shutdown()
    {
    }

    private void Write(string? code, string? helpLink) => File.AppendAllText(Parameters!, $"{code} {helpLink}\n");
}
