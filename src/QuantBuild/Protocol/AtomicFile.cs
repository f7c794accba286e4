using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;

namespace QuantBuild.Tasks.Protocol;

/// <summary>Files that are whole or absent, whenever the process dies: written beside their place and renamed into it.</summary>
internal static class AtomicFile
{
    /// <summary>Two builds of one project may write the same file; each attempt can fail only while the other renames its own.</summary>
    private const int Attempts = 10;

    private const int WaitMilliseconds = 20;

    /// <param name="time">Of the file; null: now.</param>
    public static void Write(string path, byte[] content, DateTime? time = null)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string temporary = NewTemporaryPath(path);
        try
        {
            File.WriteAllBytes(temporary, content);
            if (time is { } given)
                File.SetLastWriteTimeUtc(temporary, given);
            Rename(temporary, path);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Leaves content and time of a file alone that has this content already. A file of the future was written before somebody
    /// set the clock back, and would be newer than whatever is made from it.</summary>
    /// <returns>True when the file was written.</returns>
    public static bool WriteIfDifferent(string path, byte[] content)
    {
        if (File.Exists(path) && File.GetLastWriteTimeUtc(path) <= DateTime.UtcNow && File.ReadAllBytes(path).SequenceEqual(content))
            return false;

        Write(path, content);
        return true;
    }

    /// <summary>A path that nothing else has, and that says which process will delete it: see <see cref="LeftoverFiles"/>.</summary>
    public static string NewTemporaryPath(string path)
    {
        using Process self = Process.GetCurrentProcess();
        return string.Format(CultureInfo.InvariantCulture, "{0}.{1}.{2:N}.tmp", path, self.Id, Guid.NewGuid());
    }

    private static void Rename(string temporary, string path)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                if (File.Exists(path))
                    File.Replace(temporary, path, null);
                else
                    File.Move(temporary, path);
                return;
            }
            catch (IOException) when (attempt < Attempts && File.Exists(temporary))
            {
                Thread.Sleep(WaitMilliseconds);
            }
        }
    }
}
