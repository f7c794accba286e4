using System.Diagnostics;
using System.Text;
using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

/// <summary><c>dotnet watch build</c> on a project, until disposed.</summary>
internal sealed class WatchedProject : IDisposable
{
    /// <summary>Far more than a build takes on a slow machine.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly Process process;
    private readonly StringBuilder output = new();

    public WatchedProject(TempProject project)
    {
        // Polling sees a change on every file system.
        var environment = new Dictionary<string, string>(project.Environment)
        {
            ["DOTNET_USE_POLLING_FILE_WATCHER"] = "1",
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
        };
        string[] arguments = ["watch", "--non-interactive", "build", "-nologo", "-tl:off"];
        process = new Process { StartInfo = DotNetRun.StartInfo(project.Directory, environment, arguments) };
        process.OutputDataReceived += Remember;
        process.ErrorDataReceived += Remember;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    private string Output
    {
        get
        {
            lock (output)
                return output.ToString();
        }
    }

    /// <summary>Waits until models have been quantized so many times and the next change is waited for.</summary>
    public void WaitUntilQuantized(int times)
    {
        const string Summary = "nodes run in integers";
        const string Waiting = "Waiting for a file to change";
        var waited = Stopwatch.StartNew();
        string written = Output;
        while (written.Split(Summary).Length - 1 < times
            || written.LastIndexOf(Waiting, StringComparison.Ordinal) < written.LastIndexOf(Summary, StringComparison.Ordinal))
        {
            if (waited.Elapsed > Limit || process.HasExited)
                Assert.Fail($"A model was not quantized {times} times. It wrote: {written}");
            Thread.Sleep(100);
            written = Output;
        }

        Assert.AreEqual(times, written.Split(Summary).Length - 1, written);
    }

    public void Dispose()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
    }

    private void Remember(object sender, DataReceivedEventArgs received)
    {
        lock (output)
            output.AppendLine(received.Data);
    }
}
