using QuantBuild.Cli;
using QuantBuild.OnnxRuntime;

if (args is not ["worker", string requestFile, string resultFile])
{
    Console.Error.WriteLine("Usage: quantbuild worker <request.json> <result.json>");
    return Worker.Failed;
}

var stop = new CancellationTokenSource();
ParentWatch.Begin(Console.OpenStandardInput(), stop);
using var progress = new ProgressWriter(Console.OpenStandardOutput());
return new Worker(library => new OnnxRuntimeEngine(library), progress).Run(requestFile, resultFile, stop.Token);
