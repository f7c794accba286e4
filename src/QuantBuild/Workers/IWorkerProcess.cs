using System;
using System.Collections.Generic;

namespace QuantBuild.Tasks.Workers;

/// <summary>A started worker.</summary>
internal interface IWorkerProcess : IDisposable
{
    /// <summary>Last lines of standard error, for messages about a worker that gave no result.</summary>
    string ErrorTail { get; }

    /// <summary>Returns when the process has ended; until then shows each line of standard output, on the calling thread.</summary>
    /// <returns>The exit code.</returns>
    int Run(Action<string> onOutputLine);

    /// <summary>Closes standard input, at which the worker stops. May be called at any time, any number of times.</summary>
    void CloseInput();

    /// <summary>Ends the process and what it started. May be called at any time, any number of times.</summary>
    void Kill();
}

/// <summary>What is started and where.</summary>
internal sealed class WorkerCommand(string fileName, IReadOnlyList<string> arguments, string workingDirectory)
{
    public string FileName { get; } = fileName;

    public IReadOnlyList<string> Arguments { get; } = arguments;

    public string WorkingDirectory { get; } = workingDirectory;
}

/// <summary>Starts a worker.</summary>
/// <exception cref="System.ComponentModel.Win32Exception">The host cannot be executed.</exception>
internal delegate IWorkerProcess StartWorker(WorkerCommand command);
