using System.CommandLine;
using System.CommandLine.Invocation;

namespace QuantBuild.Cli.CommandLine;

/// <summary>Writes the version of this program, whichever program it runs in.</summary>
internal sealed class VersionOfTheTool : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine(typeof(VersionOfTheTool).Assembly.GetName().Version!.ToString(3));
        return ExitCode.Success;
    }
}
