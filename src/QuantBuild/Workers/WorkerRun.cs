using System;
using System.ComponentModel;
using System.Globalization;
using System.IO;
using System.Runtime.Serialization;
using System.Threading;
using QuantBuild.Tasks.Protocol;

namespace QuantBuild.Tasks.Workers;

/// <summary>One start of the worker, from the command to its result.</summary>
/// <param name="start">Starts the process.</param>
/// <param name="grace">How long the worker may take to stop by itself when it is cancelled.</param>
internal sealed class WorkerRun(StartWorker start, TimeSpan grace)
{
    /// <summary>What <c>dotnet exec</c> returns when the runtime that the program needs is not installed, on Unix and on Windows.</summary>
    private static readonly int[] RuntimeMissingExitCodes = [150, unchecked((int)0x80008096)];

    /// <summary>What the worker returns when it has a result and cannot write it.</summary>
    private const int ResultNotWrittenExitCode = 2;

    private readonly object gate = new();
    private IWorkerProcess? running;
    private Timer? killer;
    private bool isCancelled;

    public bool IsCancelled
    {
        get
        {
            lock (gate)
                return isCancelled;
        }
    }

    /// <summary>Runs the worker to its end.</summary>
    /// <param name="command">Must make the worker write <paramref name="resultFile"/>.</param>
    /// <returns>The result, or one with a single error that says why there is none. Null when the run was cancelled.</returns>
    public WorkerResult? Execute(WorkerCommand command, string resultFile, Action<string> onOutputLine)
    {
        try
        {
            using IWorkerProcess process = start(command);
            lock (gate)
            {
                running = process;
                if (isCancelled)
                    Stop(process);
            }

            int exitCode = process.Run(onOutputLine);
            return Finish() ? null : Read(resultFile, exitCode, process.ErrorTail);
        }
        catch (Win32Exception exception)
        {
            return Failed(TaskDiagnostics.HostNotFound($"'{command.FileName}': {exception.Message}"));
        }
        finally
        {
            Finish();
            File.Delete(resultFile);
        }
    }

    /// <summary>Asks the worker to stop, and ends it when it does not. MSBuild may call this many times, at any time.</summary>
    public void Cancel()
    {
        lock (gate)
        {
            if (isCancelled)
                return;

            isCancelled = true;
            if (running != null)
                Stop(running);
        }
    }

    private void Stop(IWorkerProcess process)
    {
        process.CloseInput();
        killer = new Timer(_ => KillIfRunning(), null, grace, Timeout.InfiniteTimeSpan);
    }

    private void KillIfRunning()
    {
        lock (gate)
            running?.Kill();
    }

    /// <returns>Whether the run was cancelled.</returns>
    private bool Finish()
    {
        lock (gate)
        {
            running = null;
            killer?.Dispose();
            killer = null;
            return isCancelled;
        }
    }

    private static WorkerResult Read(string resultFile, int exitCode, string errorTail)
    {
        string reason;
        try
        {
            if (File.Exists(resultFile))
            {
                WorkerResult result = Json.Deserialize<WorkerResult>(File.ReadAllBytes(resultFile));
                if (result.Schema != WorkerRequest.CurrentSchema)
                    reason = $"its result has the schema {result.Schema.ToString(CultureInfo.InvariantCulture)}.";
                else if (exitCode != 0 && !result.HasErrors)
                    reason = $"its result is good, but its exit code is {exitCode.ToString(CultureInfo.InvariantCulture)}.";
                else
                    return result;
            }
            else if (exitCode == ResultNotWrittenExitCode)
            {
                return Failed(TaskDiagnostics.OutputNotWritable(resultFile, errorTail));
            }
            else
            {
                reason = $"exit code {exitCode.ToString(CultureInfo.InvariantCulture)}.";
            }
        }
        catch (SerializationException exception)
        {
            reason = "its result is damaged: " + exception.Message;
        }

        string message = errorTail.Length == 0 ? reason : reason + " " + errorTail;
        return Failed(Array.IndexOf(RuntimeMissingExitCodes, exitCode) >= 0
            ? TaskDiagnostics.HostNotFound(message)
            : TaskDiagnostics.WorkerFailed(message));
    }

    private static WorkerResult Failed(ResultDiagnostic diagnostic) => new()
    {
        Schema = WorkerRequest.CurrentSchema,
        Diagnostics = [diagnostic],
    };
}
