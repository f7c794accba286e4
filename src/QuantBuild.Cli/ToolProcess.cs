using System.Runtime.InteropServices;
using QuantBuild.Cli.CommandLine;
using QuantBuild.Cli.Rendering;
using QuantBuild.Execution;

namespace QuantBuild.Cli;

/// <summary>Runs the tool on the console of this process, until it ends or the user stops it.</summary>
internal static class ToolProcess
{
    public static int Run(string[] arguments, Func<int?, IInferenceEngine> createEngine)
    {
        using var stop = new CancellationTokenSource();
        ToolConsole console = ToolConsole.OfProcess();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return new Tool(new ToolContext(console, createEngine, Directory.GetCurrentDirectory(), stop.Token)).Run(arguments);

        // The first one lets the work put its things away; the second one is left to the system, which ends the process.
        void Stop(PosixSignalContext signal)
        {
            if (stop.IsCancellationRequested)
            {
                console.RestoreTerminal();
                return;
            }
            signal.Cancel = true;
            console.Error.WriteLine("stopping; once more to end at once");
            stop.Cancel();
        }
    }
}
