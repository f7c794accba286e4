using System.Runtime.InteropServices;
using QuantBuild.Cli;
using QuantBuild.OnnxRuntime;

// What people type is parsed by a library, which a build never loads.
if (args is not ["worker", string requestFile, string resultFile])
    return ToolProcess.Run(args, threads => new OnnxRuntimeEngine(nativeLibrary: null, threads));

// Ctrl+C in a terminal reaches every process of the build. The build decides what it means, and closes standard input.
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(
    PosixSignal.SIGINT, signal => signal.Cancel = Console.IsInputRedirected);
var stop = new CancellationTokenSource();
ParentWatch.Begin(Console.OpenStandardInput(), stop);
using var progress = new ProgressWriter(Console.OpenStandardOutput());
ConsoleRelay.Install(progress.Log);
return new Worker(library => new OnnxRuntimeEngine(library), progress).Run(requestFile, resultFile, stop.Token);
