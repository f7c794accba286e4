using System.Diagnostics;
using System.Runtime.InteropServices;

namespace QuantBuild.Benchmarks;

/// <summary>Time that this thread has had a processor. Other work on the machine does not count, which is what a latency on one thread is
/// about; where the system does not tell it, all time counts.</summary>
internal static partial class ThreadClock
{
    /// <summary>Of Linux: <c>CLOCK_THREAD_CPUTIME_ID</c>.</summary>
    private const int ThreadProcessorTime = 3;

    public static TimeSpan Now => OperatingSystem.IsLinux() && GetTime(ThreadProcessorTime, out TimeSpec time) == 0
        ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0)
        : Stopwatch.GetElapsedTime(0);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
