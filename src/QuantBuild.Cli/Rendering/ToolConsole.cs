using System.Text;

namespace QuantBuild.Cli.Rendering;

/// <summary>Where a command writes: results to one stream, everything else to the other.</summary>
/// <param name="IsErrorTerminal">True when somebody watches <paramref name="Error"/>, which then gets a moving progress bar.</param>
internal sealed record ToolConsole(TextWriter Output, TextWriter Error, bool IsErrorTerminal)
{
    /// <summary>The console of this process. What the user's own classes write to standard output goes to standard error from now on.</summary>
    public static ToolConsole OfProcess()
    {
        var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
        var error = new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
        Console.SetOut(error);
        return new ToolConsole(
            output, error, !Console.IsErrorRedirected && !string.Equals(Environment.GetEnvironmentVariable("TERM"), "dumb", StringComparison.Ordinal));
    }
}
