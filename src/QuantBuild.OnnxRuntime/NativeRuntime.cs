using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;
using QuantBuild.Diagnostics;

namespace QuantBuild.OnnxRuntime;

/// <summary>Makes this process use a given native library of ONNX Runtime, so that a model is measured in the runtime that it will run in.</summary>
/// <remarks>
/// The managed API asks for version 14 of the native interface only, so that the library of any later release serves it. An older one gives
/// it a null pointer, which ends the process; hence the library is asked first, past the managed API.
/// </remarks>
internal static partial class NativeRuntime
{
    /// <summary>Of the native interface, as the managed API asks for it. A release 1.N has the interfaces up to N.</summary>
    private const uint InterfaceVersion = 14;

    private static readonly Version oldest = new(1, (int)InterfaceVersion);

    /// <summary>Must be called before anything else of ONNX Runtime, at most once per process.</summary>
    /// <returns>The version that the library says it has; null when it says something else.</returns>
    /// <exception cref="DllNotFoundException">The library cannot be loaded.</exception>
    /// <exception cref="EntryPointNotFoundException">It is another library.</exception>
    /// <exception cref="QuantBuildException">QB9006: the library is too old for this process.</exception>
    public static Version? Use(string libraryPath)
    {
        nint library = NativeLibrary.Load(libraryPath);
        (string text, bool hasInterface) = Ask(library);
        Version? version = Parse(text);
        if (!hasInterface || version < oldest)
            throw TooOld(text, oldest);
        OrtEnv.DisableDllImportResolver = true;
        NativeLibrary.SetDllImportResolver(typeof(OrtEnv).Assembly, Resolve);
        return version;

        nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) =>
            name.StartsWith("onnxruntime", StringComparison.Ordinal) && !name.Contains("extensions", StringComparison.Ordinal) ? library : 0;
    }

    /// <summary>Where a program finds its native library, in the order of the search.</summary>
    public static IEnumerable<string> CandidatesBeside(string directory)
    {
        (string system, string file) = OperatingSystem.IsWindows() ? ("win", "onnxruntime.dll")
            : OperatingSystem.IsMacOS() ? ("osx", "libonnxruntime.dylib")
            : ("linux", "libonnxruntime.so");
        string platform = $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        return [Path.Combine(directory, "runtimes", platform, "native", file), Path.Combine(directory, file)];
    }

    public static QuantBuildException TooOld(string version, Version needed) => new(DiagnosticCatalogue.RuntimeTooOld.At(
        null, version, "quantizing", needed.ToString(2)));

    /// <summary>Major and minor number of what a library calls its version; null when it has none.</summary>
    public static Version? Parse(string text)
    {
        Match numbers = Numbers().Match(text);
        return numbers.Success
            ? new(int.Parse(numbers.Groups[1].ValueSpan, CultureInfo.InvariantCulture), int.Parse(numbers.Groups[2].ValueSpan, CultureInfo.InvariantCulture))
            : null;
    }

    private static unsafe (string Version, bool HasInterface) Ask(nint library)
    {
        var getApiBase = (delegate* unmanaged[Cdecl]<ApiBase*>)NativeLibrary.GetExport(library, "OrtGetApiBase");
        ApiBase* api = getApiBase();
        return (Marshal.PtrToStringUTF8(api->GetVersionString()) ?? "", api->GetApi(InterfaceVersion) is not null);
    }

    [GeneratedRegex(@"^(\d{1,5})\.(\d{1,5})")]
    private static partial Regex Numbers();

    /// <summary>The table that every release of ONNX Runtime begins with.</summary>
    private unsafe struct ApiBase
    {
#pragma warning disable CS0649 // The library fills it.
        public delegate* unmanaged[Stdcall]<uint, void*> GetApi;
        public delegate* unmanaged[Stdcall]<nint> GetVersionString;
#pragma warning restore CS0649
    }
}
