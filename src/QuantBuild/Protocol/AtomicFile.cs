using System;
using System.IO;
using System.Linq;

namespace QuantBuild.Tasks.Protocol;

/// <summary>Files that are whole or absent, whenever the process dies: written beside their place and renamed into it.</summary>
internal static class AtomicFile
{
    public static void Write(string path, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string temporary = path + "." + Guid.NewGuid().ToString("N") + ".tmp";
        try
        {
            File.WriteAllBytes(temporary, content);
            if (File.Exists(path))
                File.Replace(temporary, path, null);
            else
                File.Move(temporary, path);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Leaves content and time of a file alone that has this content already.</summary>
    /// <returns>True when the file was written.</returns>
    public static bool WriteIfDifferent(string path, byte[] content)
    {
        if (File.Exists(path) && File.ReadAllBytes(path).SequenceEqual(content))
            return false;

        Write(path, content);
        return true;
    }
}
