using System.Runtime.InteropServices;
using QuantBuild.Cli;
using QuantBuild.OnnxRuntime;

if (args is not ["worker", string requestFile, string resultFile])
{
    Console.Error.WriteLine("Usage: quantbuild worker <request.json> <result.json>");
    return Worker.Failed;
}

// Ctrl+C in a terminal reaches every process of the build. The build decides what it means, and closes standard input.
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(
    PosixSignal.SIGINT, signal => signal.Cancel = Console.IsInputRedirected);
var stop = new CancellationTokenSource();
ParentWatch.Begin(Console.OpenStandardInput(), stop);
using var progress = new ProgressWriter(Console.OpenStandardOutput());
ConsoleRelay.Install(progress.Log);
return new Worker(library => new OnnxRuntimeEngine(library), progress).Run(requestFile, resultFile, stop.Token);
