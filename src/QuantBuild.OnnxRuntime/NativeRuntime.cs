using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;
using QuantBuild.Diagnostics;

namespace QuantBuild.OnnxRuntime;

/// <summary>Makes this process use a given native library of ONNX Runtime, so that a model is measured in the runtime that it will run in.</summary>
/// <remarks>
/// The managed API looks for functions that releases before 1.24 do not have (tried: 1.23.2 refuses, 1.18.0 ends the process); hence the library is
/// asked first, past the managed API. From 1.24 on, every model loads whose opset QuantBuild takes.
/// </remarks>
internal static partial class NativeRuntime
{
    private const string DisablingVariable = "ORT_DISABLE_TELEMETRY";

    private static readonly Version oldest = new(1, 24);

    /// <summary>Must be called before anything else of ONNX Runtime, at most once per process.</summary>
    /// <exception cref="DllNotFoundException">The library cannot be loaded.</exception>
    /// <exception cref="EntryPointNotFoundException">It is another library.</exception>
    /// <exception cref="QuantBuildException">QB9006: the library is too old for this process.</exception>
    public static void Use(string libraryPath)
    {
        nint library = NativeLibrary.Load(libraryPath);
        string text = VersionOf(library);
        if (Parse(text) < oldest)
            throw new QuantBuildException(DiagnosticCatalogue.RuntimeTooOld.At(null, text, oldest.ToString(2)));
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

    /// <summary>Major and minor number of what a library calls its version; null when it has none.</summary>
    private static Version? Parse(string text)
    {
        Match numbers = Numbers().Match(text);
        return numbers.Success
            ? new(int.Parse(numbers.Groups[1].ValueSpan, CultureInfo.InvariantCulture), int.Parse(numbers.Groups[2].ValueSpan, CultureInfo.InvariantCulture))
            : null;
    }

    private static unsafe string VersionOf(nint library)
    {
        var getApiBase = (delegate* unmanaged[Cdecl]<ApiBase*>)NativeLibrary.GetExport(library, "OrtGetApiBase");
        return Marshal.PtrToStringUTF8(getApiBase()->GetVersionString()) ?? "";
    }

    /// <summary>ONNX Runtime collects what sessions it has and sends it to its makers. A build is nobody's business.</summary>
    /// <remarks>On Unix the variables that .NET sets are not seen by native code.</remarks>
    public static void DisableTelemetry()
    {
        if (OperatingSystem.IsWindows())
            Environment.SetEnvironmentVariable(DisablingVariable, "1");
        else
            _ = SetEnvironmentVariable(DisablingVariable, "1", overwrite: 1);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironmentVariable(string name, string value, int overwrite);

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
