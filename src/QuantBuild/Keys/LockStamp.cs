using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using QuantBuild.Tasks.Protocol;

namespace QuantBuild.Tasks.Keys;

/// <summary>Remembers with which entries of the lock file the models of this build were compared, so that it is not done again.</summary>
internal sealed class LockStamp
{
    private readonly string path;

    /// <summary>Null when the lock file cannot be read: the worker says so then.</summary>
    private readonly string? current;

    /// <param name="request">For the lock file and the mode.</param>
    public LockStamp(WorkerRequest request)
    {
        path = Path.Combine(request.OutputDirectory, "locked.stamp");
        current = HashOf(request);
    }

    public bool IsCurrent => current != null && File.Exists(path) && File.ReadAllText(path) == current;

    /// <summary>Before the worker starts: a model may become another one in a build that then fails for some other reason.</summary>
    public void Forget() => File.Delete(path);

    public void Write()
    {
        if (current != null)
            AtomicFile.Write(path, Encoding.UTF8.GetBytes(current));
    }

    private static string? HashOf(WorkerRequest request)
    {
        try
        {
            return ModelKey.TextHash(string.Join("\n",
            [
                Value(request, "LockedMode"),
                request.IsContinuousIntegration ? "CI" : "",
                request.LockFile ?? "",
                .. request.Models.Select(model => model.Id),
                .. LinesOf(request.LockFile, request.TargetFramework),
            ]));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Value(WorkerRequest request, string setting) =>
        request.Properties.Find(property => string.Equals(property.Name, "QuantBuild" + setting, StringComparison.OrdinalIgnoreCase))?.Value ?? "";

    /// <summary>All lines but those of other target frameworks, which their builds write.</summary>
    private static IEnumerable<string> LinesOf(string? lockFile, string targetFramework)
    {
        if (lockFile == null || !File.Exists(lockFile))
        {
            yield return "none";
            yield break;
        }

        using var reader = new StreamReader(new FileStream(lockFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        bool counts = true;
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith("    \"", StringComparison.Ordinal))
                counts = targetFramework.Length == 0 || line.EndsWith(" (" + targetFramework + ")\": {", StringComparison.Ordinal);
            else if (!line.StartsWith("    ", StringComparison.Ordinal))
                counts = true;
            if (counts)
                yield return line.TrimEnd(',');
        }
    }
}
