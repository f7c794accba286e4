using System.Diagnostics;
using System.Globalization;

namespace QuantBuild.Benchmarks.Large;

/// <summary>What a process took.</summary>
/// <param name="PeakBytes">Largest resident memory, pages of mapped files included.</param>
internal sealed record WatchedProcess(int ExitCode, TimeSpan Elapsed, long PeakBytes, string Output)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Runs a program of .NET to its end. Its standard input stays open as long as it runs.</summary>
    public static WatchedProcess Run(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", ["exec", program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        long begin = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        long peak = 0;
        while (!process.WaitForExit(Interval))
            peak = Math.Max(peak, PeakOf(process.Id));
        return new WatchedProcess(process.ExitCode, Stopwatch.GetElapsedTime(begin), peak, output.Result);
    }

    /// <summary>The kernel keeps the largest value itself, so that looking now and then misses nothing but the very end.</summary>
    private static long PeakOf(int processId)
    {
        try
        {
            string line = File.ReadLines($"/proc/{processId}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)) ?? "";
            return line.Length == 0 ? 0 : long.Parse(line["VmHWM:".Length..^"kB".Length], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
