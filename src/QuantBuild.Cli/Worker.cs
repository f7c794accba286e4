using QuantBuild.Diagnostics;
using QuantBuild.Execution;

namespace QuantBuild.Cli;

/// <summary>Serves one request of the MSBuild task: reads it, runs the pipeline, writes the result.</summary>
/// <param name="createEngine">Takes the path of the runtime's native library; null for the worker's own.</param>
internal sealed class Worker(Func<string?, IInferenceEngine> createEngine, IProgress<StageProgress> progress)
{
    public const int Succeeded = 0;

    public const int Failed = 1;

    /// <summary>There is a result, and no room for it; standard error says why.</summary>
    public const int ResultNotWritten = 2;

    /// <returns>The exit code. The task goes by the result file, which is missing only when the work was stopped or could not be told.</returns>
    public int Run(string requestFile, string resultFile, CancellationToken cancellation)
    {
        ProjectResult result;
        try
        {
            result = Serve(requestFile, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Failed;
        }

        if (!TryWrite(result, resultFile))
            return ResultNotWritten;
        return result.Succeeded ? Succeeded : Failed;
    }

    private static bool TryWrite(ProjectResult result, string resultFile)
    {
        try
        {
            WorkerResult.Of(result).Write(resultFile);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The task shows the end of standard error when there is no result.
            Console.Error.WriteLine(exception.Message);
            return false;
        }
    }

    private ProjectResult Serve(string requestFile, CancellationToken cancellation)
    {
        string outputDirectory = Path.GetDirectoryName(Path.GetFullPath(requestFile))!;
        try
        {
            WorkerRequest request = WorkerRequest.Read(requestFile);
            var pipeline = new QuantizationPipeline(createEngine(request.RuntimeLibrary), progress);
            return request.Command switch
            {
                WorkerRequest.Generate => pipeline.Generate(request.ToProjectRequest(), cancellation),
                WorkerRequest.Quantize => pipeline.Quantize(request.ToProjectRequest(), cancellation),
                _ => throw new InvalidDataException($"the request's command is '{request.Command}'"),
            };
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            return new ProjectResult([Faults.Explain(exception, outputDirectory)], []);
        }
    }
}
