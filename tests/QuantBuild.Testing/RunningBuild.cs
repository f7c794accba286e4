using System.Diagnostics;
using System.Text;

namespace QuantBuild.Testing;

/// <summary>A build that goes on while a test does something to it. It leads a process group of its own, as one that a terminal starts, and
/// is interrupted by SIGINT even where the test was started with that signal ignored. On Linux only.</summary>
internal sealed class RunningBuild : IDisposable
{
    /// <summary>Far more than a build takes on a slow machine.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly string binaryLog;

    /// <param name="command">Of <c>dotnet</c>, with its arguments.</param>
    /// <param name="binaryLog">Path of the log that the command writes.</param>
    public RunningBuild(TempProject project, IEnumerable<string> command, string binaryLog)
    {
        this.binaryLog = binaryLog;
        process = new Process { StartInfo = DotNetRun.StartInfo(project.Directory, project.Environment, []) };
        foreach (string argument in (string[])["env", "--default-signal=INT", process.StartInfo.FileName, .. command])
            process.StartInfo.ArgumentList.Add(argument);
        process.StartInfo.FileName = "setsid";
        process.OutputDataReceived += Remember;
        process.ErrorDataReceived += Remember;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Output
    {
        get
        {
            lock (output)
                return output.ToString();
        }
    }

    public bool HasEnded => process.HasExited;

    /// <summary>Waits until the build has written a text.</summary>
    /// <exception cref="InvalidOperationException">It ends before.</exception>
    public void WaitFor(string text)
    {
        var waited = Stopwatch.StartNew();
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            if (waited.Elapsed > Limit || process.HasExited)
                throw new InvalidOperationException($"The build does not say '{text}'. It wrote: {Output}");
            Thread.Sleep(Poll);
        }
    }

    /// <param name="signal">Without its prefix: <c>INT</c>.</param>
    public void Signal(string signal) => Processes.Signal(process.Id, signal);

    /// <summary>As Ctrl+C does: the build, its nodes, and its workers.</summary>
    public void SignalAll(string signal) => Processes.Signal(-process.Id, signal);

    public DotNetRun WaitForEnd()
    {
        if (!process.WaitForExit(Limit))
            throw new TimeoutException($"The build does not end. It wrote: {Output}");
        process.WaitForExit();
        return new DotNetRun(process.ExitCode, Output, "") { BinaryLog = binaryLog };
    }

    public void Dispose()
    {
        if (!process.HasExited)
            Processes.Signal(-process.Id, "KILL");
        process.WaitForExit();
        process.Dispose();
    }

    private void Remember(object sender, DataReceivedEventArgs received)
    {
        lock (output)
            output.AppendLine(received.Data);
    }
}
