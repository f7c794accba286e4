using Microsoft.ML.OnnxRuntime;
using QuantBuild.Diagnostics;
using QuantBuild.Execution;

namespace QuantBuild.OnnxRuntime;

/// <summary>ONNX Runtime on the processor, with the options that a program gets by default.</summary>
internal sealed class OnnxRuntimeEngine : IInferenceEngine
{
    private readonly Lazy<string> version;

    /// <param name="nativeLibrary">Path of the native library to use in this process; null for the one beside this assembly.
    /// It is loaded when the engine is first used.</param>
    public OnnxRuntimeEngine(string? nativeLibrary = null)
    {
        version = new Lazy<string>(() => Load(nativeLibrary));
    }

    public string Version => version.Value;

    public IInferenceSession Open(ReadOnlyMemory<byte> model)
    {
        _ = Version;
        return new OnnxRuntimeSession(model);
    }

    /// <remarks>The runtime writes the optimized graph to a file only; the file lives for the length of this call.</remarks>
    public byte[] Optimize(ReadOnlyMemory<byte> model)
    {
        _ = Version;
        string path = Path.GetTempFileName();
        try
        {
            using SessionOptions options = OnnxRuntimeSession.CreateOptions();
            options.OptimizedModelFilePath = path;
            using (OnnxRuntimeSession.Create(model, options))
            {
            }
            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <exception cref="QuantBuildException">QB9005: the library cannot be loaded.</exception>
    private static string Load(string? nativeLibrary)
    {
        try
        {
            if (nativeLibrary is not null)
                NativeRuntime.Use(nativeLibrary);
            return $"ONNX Runtime {OrtEnv.Instance().GetVersionString()}";
        }
        catch (Exception exception) when (exception is DllNotFoundException or TypeInitializationException or BadImageFormatException)
        {
            throw new QuantBuildException(
                DiagnosticCatalogue.RuntimeNotLoadable.At(null, (exception.InnerException ?? exception).Message), exception);
        }
    }
}
