using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Text;
using System.Threading;

namespace QuantBuild.Tasks.Workers;

/// <summary>The worker as a process of the operating system. Its standard input stays open as long as somebody wants the result.</summary>
internal sealed class WorkerProcess : IWorkerProcess
{
    private const int ErrorLines = 20;

    private const int PollMilliseconds = 100;

    /// <summary>How long to wait for the rest of the output of a process that has ended: something that it started may hold its pipe.</summary>
    private const int DrainMilliseconds = 2000;

    private readonly Process process;
    private readonly BlockingCollection<string> output = new();
    private readonly Queue<string> errors = new();
    private readonly ManualResetEventSlim errorsEnded = new();

    private WorkerProcess(Process process)
    {
        this.process = process;
    }

    /// <inheritdoc cref="StartWorker"/>
    public static IWorkerProcess Start(WorkerCommand command)
    {
        var process = new Process
        {
            StartInfo = new ProcessStartInfo
            {
                FileName = command.FileName,
                Arguments = CommandLine.Join(command.Arguments),
                WorkingDirectory = command.WorkingDirectory,
                UseShellExecute = false,
                CreateNoWindow = true,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardOutputEncoding = Encoding.UTF8,
                StandardErrorEncoding = Encoding.UTF8,
            },
        };
        var worker = new WorkerProcess(process);
        process.OutputDataReceived += worker.OnOutput;
        process.ErrorDataReceived += worker.OnError;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return worker;
    }

    public string ErrorTail
    {
        get
        {
            lock (errors)
                return string.Join(Environment.NewLine, errors);
        }
    }

    public int Run(Action<string> onOutputLine)
    {
        while (!output.IsCompleted)
        {
            bool ended = process.HasExited;
            if (output.TryTake(out string line, ended ? DrainMilliseconds : PollMilliseconds))
                onOutputLine(line);
            else if (ended)
                break;
        }

        process.WaitForExit(int.MaxValue);
        errorsEnded.Wait(DrainMilliseconds);
        return process.ExitCode;
    }

    public void CloseInput()
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The worker has ended, so that what the stream still held has no reader.
        }
    }

    public void Kill()
    {
        try
        {
            if (typeof(Process).GetMethod(nameof(Process.Kill), [typeof(bool)]) is { } killTree)
                killTree.Invoke(process, [true]);
            else
                process.Kill();
        }
        catch (Exception exception) when (Unwrapped(exception) is InvalidOperationException or Win32Exception)
        {
            // It has ended already.
        }
    }

    public void Dispose()
    {
        CloseInput();
        process.Dispose();
    }

    private static Exception Unwrapped(Exception exception) =>
        exception is System.Reflection.TargetInvocationException { InnerException: { } inner } ? inner : exception;

    private void OnOutput(object sender, DataReceivedEventArgs received)
    {
        if (received.Data == null)
            output.CompleteAdding();
        else
            output.Add(received.Data);
    }

    private void OnError(object sender, DataReceivedEventArgs received)
    {
        if (received.Data == null)
        {
            errorsEnded.Set();
            return;
        }

        lock (errors)
        {
            errors.Enqueue(received.Data);
            if (errors.Count > ErrorLines)
                errors.Dequeue();
        }
    }
}
