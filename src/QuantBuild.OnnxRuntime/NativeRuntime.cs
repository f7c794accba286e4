using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace QuantBuild.OnnxRuntime;

/// <summary>Makes this process use a given native library of ONNX Runtime, so that a model is measured in the runtime that it will run in.</summary>
/// <remarks>The managed API asks for version 14 of the native interface only, so that the library of any later release serves it.</remarks>
internal static class NativeRuntime
{
    /// <summary>Must be called before anything else of ONNX Runtime, at most once per process.</summary>
    /// <exception cref="DllNotFoundException">The library cannot be loaded.</exception>
    public static void Use(string libraryPath)
    {
        nint library = NativeLibrary.Load(libraryPath);
        OrtEnv.DisableDllImportResolver = true;
        NativeLibrary.SetDllImportResolver(typeof(OrtEnv).Assembly, Resolve);

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
}
