using System.Text;

namespace QuantBuild.Cli.Rendering;

/// <summary>Where a command writes: results to one stream, everything else to the other.</summary>
/// <param name="IsErrorTerminal">True when somebody watches <paramref name="Error"/>, which then gets a moving progress bar.</param>
internal sealed record ToolConsole(TextWriter Output, TextWriter Error, bool IsErrorTerminal)
{
    private const string ShowCursor = "\e[?25h";

    /// <summary>For a process that ends while a progress bar moves: what hid the cursor shows it no more.</summary>
    public void RestoreTerminal()
    {
        if (IsErrorTerminal)
            Error.WriteLine(ShowCursor);
    }

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
