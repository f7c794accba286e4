using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace QuantBuild.Tasks.Workers;

/// <summary>Finds the <c>dotnet</c> that runs the worker.</summary>
/// <param name="environment">Value of an environment variable, or null.</param>
/// <param name="fileExists">Whether a file exists.</param>
/// <param name="isWindows">Decides the name of the program.</param>
internal sealed class DotNetHost(Func<string, string?> environment, Func<string, bool> fileExists, bool isWindows)
{
    /// <summary>In order: the host that runs this build, the SDK's folder, <c>DOTNET_ROOT</c>, <c>PATH</c>.</summary>
    /// <param name="sdkRoot">MSBuild's <c>$(NetCoreRoot)</c>; may be empty.</param>
    /// <returns>Absolute path; null when there is none.</returns>
    public string? Find(string? sdkRoot) => Candidates(sdkRoot).FirstOrDefault(candidate => Path.IsPathRooted(candidate) && fileExists(candidate));

    private IEnumerable<string> Candidates(string? sdkRoot)
    {
        string program = isWindows ? "dotnet.exe" : "dotnet";
        if (environment("DOTNET_HOST_PATH") is { Length: > 0 } host)
            yield return host;

        string?[] roots = [sdkRoot, environment("DOTNET_ROOT"), .. (environment("PATH") ?? "").Split(Path.PathSeparator)];
        foreach (string? root in roots)
        {
            if (!string.IsNullOrWhiteSpace(root) && root!.IndexOfAny(Path.GetInvalidPathChars()) < 0)
                yield return Path.Combine(root, program);
        }
    }
}
