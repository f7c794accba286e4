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
    private readonly string current;

    /// <param name="request">For the lock file and the mode.</param>
    public LockStamp(WorkerRequest request)
    {
        path = Path.Combine(request.OutputDirectory, "locked.stamp");
        current = ModelKey.TextHash(string.Join("\n",
        [
            Value(request, "LockedMode"),
            request.IsContinuousIntegration ? "CI" : "",
            .. request.Models.Select(model => model.Include),
            .. EntriesIn(request.LockFile, request.TargetFramework),
        ]));
    }

    public bool IsCurrent => File.Exists(path) && File.ReadAllText(path) == current;

    public void Write() => AtomicFile.Write(path, Encoding.UTF8.GetBytes(current));

    private static string Value(WorkerRequest request, string setting) =>
        request.Properties.Find(property => string.Equals(property.Name, "QuantBuild" + setting, StringComparison.OrdinalIgnoreCase))?.Value ?? "";

    /// <summary>The lines that the worker compares. Those of other target frameworks, which their builds write, do not count.</summary>
    private static IEnumerable<string> EntriesIn(string? lockFile, string targetFramework)
    {
        if (lockFile == null || !File.Exists(lockFile))
            yield break;
        bool counts = true;
        foreach (string line in File.ReadLines(lockFile))
        {
            if (line.StartsWith("    \"", StringComparison.Ordinal))
                counts = targetFramework.Length == 0 || line.EndsWith(" (" + targetFramework + ")\": {", StringComparison.Ordinal);
            if (counts && line.StartsWith("    ", StringComparison.Ordinal))
                yield return line.TrimEnd(',');
        }
    }
}
