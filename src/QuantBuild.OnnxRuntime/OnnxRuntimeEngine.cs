using System.Globalization;
using System.Security.Cryptography;
using Microsoft.ML.OnnxRuntime;
using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;

namespace QuantBuild.OnnxRuntime;

/// <summary>ONNX Runtime on the processor, with the options that a program gets by default.</summary>
internal sealed class OnnxRuntimeEngine : IInferenceEngine
{
    private readonly Lazy<EngineIdentity> identity;
    private readonly int? programThreads;

    /// <param name="nativeLibrary">Path of the native library to use in this process; null for the one beside this assembly.
    /// It is loaded when the engine is first used.</param>
    /// <param name="programThreads">Sessions are those of a program with so many threads, whose runs are timed; null: those of builds.</param>
    public OnnxRuntimeEngine(string? nativeLibrary = null, int? programThreads = null)
    {
        this.programThreads = programThreads;
        identity = new Lazy<EngineIdentity>(() => Load(nativeLibrary));
    }

    public EngineIdentity Identity => identity.Value;

    public IInferenceSession Open(ModelImage model)
    {
        _ = Identity;
        return new OnnxRuntimeSession(model, programThreads);
    }

    /// <remarks>The runtime writes the optimized graph to files only; they live for the length of this call.</remarks>
    public byte[] Optimize(ModelImage model)
    {
        _ = Identity;
        string folder = Directory.CreateTempSubdirectory("quantbuild").FullName;
        string path = Path.Combine(folder, "optimized.onnx");
        try
        {
            using SessionOptions options = OnnxRuntimeSession.CreateOptions();
            options.OptimizedModelFilePath = path;
            if (model.Folder is not null)
            {
                options.AddSessionConfigEntry("session.optimized_model_external_initializers_file_name", "optimized.data");
                options.AddSessionConfigEntry(
                    "session.optimized_model_external_initializers_min_size_in_bytes",
                    TensorFiles.SmallestTensorBytes.ToString(CultureInfo.InvariantCulture));
            }
            using (OnnxRuntimeSession.Create(model, options))
            {
            }
            return File.ReadAllBytes(path);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <exception cref="QuantBuildException">QB9005: the library cannot be loaded. QB9006: it is too old.</exception>
    private static EngineIdentity Load(string? nativeLibrary)
    {
        try
        {
            NativeRuntime.DisableTelemetry();
            if (nativeLibrary is not null)
                NativeRuntime.Use(nativeLibrary);
            string version = OrtEnv.Instance().GetVersionString();
            return new EngineIdentity($"ONNX Runtime {version}", $"{HashOf(nativeLibrary ?? OwnLibrary)} {typeof(OnnxRuntimeEngine).Module.ModuleVersionId:N}", ProcessorClass.OfThisMachine);
        }
        catch (Exception exception) when (exception
            is DllNotFoundException or EntryPointNotFoundException or TypeInitializationException or BadImageFormatException)
        {
            throw new QuantBuildException(
                DiagnosticCatalogue.RuntimeNotLoadable.At(null, (exception.InnerException ?? exception).Message), exception);
        }
    }

    /// <summary>The library that the runtime's own resolver finds beside this assembly; null where it comes from elsewhere.</summary>
    private static string? OwnLibrary => NativeRuntime.CandidatesBeside(AppContext.BaseDirectory).FirstOrDefault(File.Exists);

    private static string HashOf(string? library)
    {
        if (library is null)
            return "";
        using FileStream stream = new(library, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
