using System.Diagnostics;
using System.Globalization;

namespace QuantBuild.Testing;

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
        WorkersOf(project).Where(id => CommandLineOf(id).Contains("quantize.request.json", StringComparison.Ordinal))
            .Select(id => (int?)id).FirstOrDefault();

    /// <summary>False for a process that has ended, even while nobody has asked for its exit code.</summary>
    public static bool IsRunning(int id) => CommandLineOf(id).Length > 0;

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
