using System.CommandLine;
using System.CommandLine.Invocation;

namespace QuantBuild.Cli.CommandLine;

/// <summary>The library's help, and below it what the exit codes say.</summary>
internal sealed class HelpWithExitCodes(SynchronousCommandLineAction help) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        int result = help.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Exit codes:");
        foreach ((int code, string meaning) in ExitCode.All)
            output.WriteLine($"  {code,3}  {meaning}");
        return result;
    }
}
