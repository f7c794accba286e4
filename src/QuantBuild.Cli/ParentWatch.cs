using System.Diagnostics;

namespace QuantBuild.Cli;

/// <summary>
/// Ends the worker with the build. The build keeps the worker's standard input open as long as it wants the result; a build that is
/// cancelled closes it, and for one that dies the operating system does.
/// </summary>
internal static class ParentWatch
{
    /// <summary>What work that notices the cancellation may take to put its things away.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    public static void Begin(Stream input, CancellationTokenSource stop)
    {
        var watch = new Thread(() => Watch(input, stop)) { IsBackground = true, Name = nameof(ParentWatch) };
        watch.Start();
    }

    private static void Watch(Stream input, CancellationTokenSource stop)
    {
        while (input.ReadByte() >= 0)
            continue;

        stop.Cancel();
        Thread.Sleep(Grace);

        // Native code may be deep in its work, and nothing is lost: every file is renamed into place when it is whole.
        Process.GetCurrentProcess().Kill();
    }
}
