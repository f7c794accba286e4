using System.ComponentModel;
using System.Diagnostics;

namespace QuantBuild.Package.Tests;

/// <summary>A volume in memory.</summary>
internal sealed class SmallVolume : IDisposable
{
    private readonly string path;

    private SmallVolume(string path)
    {
        this.path = path;
    }

    public static SmallVolume At(string path, int kibibytes) =>
        TryAt(path, kibibytes) ?? throw new InvalidOperationException($"No volume can be mounted at '{path}'.");

    /// <returns>Null when it cannot be mounted.</returns>
    public static SmallVolume? TryAt(string path, int kibibytes)
    {
        Directory.CreateDirectory(path);
        try
        {
            return Run("mount", "-t", "tmpfs", "-o", $"size={kibibytes}k", "tmpfs", path) == 0 ? new SmallVolume(path) : null;
        }
        catch (Win32Exception)
        {
            return null; // there is no such program
        }
    }

    public void Resize(int kibibytes) => Assert.AreEqual(0, Run("mount", "-o", $"remount,size={kibibytes}k", path));

    public void Dispose() => Run("umount", "--lazy", path);

    private static int Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
