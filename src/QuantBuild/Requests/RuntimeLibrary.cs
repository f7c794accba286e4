using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Microsoft.Build.Framework;

namespace QuantBuild.Tasks.Requests;

/// <summary>Finds ONNX Runtime's native library among those that the project's packages bring for several platforms.</summary>
internal static class RuntimeLibrary
{
    /// <summary>The platform of this process, as packages name it: <c>linux-x64</c>.</summary>
    public static string HostIdentifier { get; } =
        (RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "win" : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? "osx" : "linux")
        + "-" + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    /// <param name="libraries">With the metadata <c>RuntimeIdentifier</c>.</param>
    /// <returns>Full path; null when the project brings none for this platform, so that the worker takes its own.</returns>
    public static string? ForHost(IEnumerable<ITaskItem> libraries, string hostIdentifier) => libraries
        .Where(library => string.Equals(library.GetMetadata("RuntimeIdentifier"), hostIdentifier, StringComparison.OrdinalIgnoreCase))
        .Select(library => library.GetMetadata("FullPath"))
        .OrderBy(path => path, StringComparer.Ordinal)
        .FirstOrDefault();
}
