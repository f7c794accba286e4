using System.Diagnostics;
using System.Globalization;
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

/// <summary>Processes of one project, found by its folder in their command lines. On Linux only.</summary>
internal static class Processes
{
    /// <summary>Ids of the workers that serve requests of a project.</summary>
    public static IReadOnlyList<int> WorkersOf(TempProject project) => [.. Directory.GetDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : 0)
        .Where(id => id != 0 && CommandLineOf(id) is var command && command.Contains("quantbuild.dll", StringComparison.Ordinal)
            && command.Contains(project.OutputDirectory, StringComparison.Ordinal))];

    /// <summary>The first worker that quantizes; null when there is none, or none any more.</summary>
    public static int? QuantizingWorkerOf(TempProject project) =>
        WorkersOf(project).Where(id => CommandLineOf(id).Contains("quantize.request.json", StringComparison.Ordinal)).Select(id => (int?)id).FirstOrDefault();

    /// <param name="id">Negative for a group.</param>
    /// <remarks>A process that has ended already is none to complain about.</remarks>
    public static void Signal(int id, string signal)
    {
        using Process kill = Process.Start(new ProcessStartInfo("kill", ["-" + signal, "--", id.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardError = true,
        })!;
        kill.WaitForExit();
    }

    /// <returns>False when workers are still there after the time that they may take.</returns>
    public static bool EndWithin(TempProject project, TimeSpan limit)
    {
        var waited = Stopwatch.StartNew();
        while (WorkersOf(project).Count > 0)
        {
            if (waited.Elapsed > limit)
                return false;
            Thread.Sleep(50);
        }
        return true;
    }

    /// <returns>Arguments with zero bytes between them; empty for a process that has ended.</returns>
    private static string CommandLineOf(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
