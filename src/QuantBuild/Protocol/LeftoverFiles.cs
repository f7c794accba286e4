using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Text.RegularExpressions;

namespace QuantBuild.Tasks.Protocol;

/// <summary>Files that a process was writing when it was killed. Their names hold its number: <c>digits.onnx.4711.GUID.tmp</c>.</summary>
internal static class LeftoverFiles
{
    private static readonly Regex Owner = new(@"\.(?<owner>[0-9]{1,9})\.[0-9a-f]{32}\.tmp(\.tmp)?$", RegexOptions.CultureInvariant);

    /// <summary>Deletes those of processes that are no more. What cannot be deleted stays for the next build.</summary>
    public static void Delete(string directory)
    {
        if (!Directory.Exists(directory))
            return;
        foreach (string path in Directory.GetFiles(directory, "*.tmp"))
        {
            Match name = Owner.Match(path);
            if (!name.Success || IsRunning(int.Parse(name.Groups["owner"].Value, CultureInfo.InvariantCulture)))
                continue;
            try
            {
                File.Delete(path);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It harms nobody.
            }
        }
    }

    private static bool IsRunning(int processId)
    {
        try
        {
            using Process process = Process.GetProcessById(processId);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
