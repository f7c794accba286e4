using QuantBuild.Cli.Rendering;
using QuantBuild.Execution;

namespace QuantBuild.Cli.CommandLine;

/// <summary>What commands have of the world around them.</summary>
/// <param name="CreateEngine">Takes the number of threads of a program that is timed; null for the engine of builds.</param>
/// <param name="Directory">Absolute; paths of the command line are relative to it.</param>
/// <param name="Cancellation">Ends the work when the user presses Ctrl+C.</param>
internal sealed record ToolContext(
    ToolConsole Console, Func<int?, IInferenceEngine> CreateEngine, string Directory, CancellationToken Cancellation)
{
    public string PathOf(string written) => Path.GetFullPath(written, Directory);
}
