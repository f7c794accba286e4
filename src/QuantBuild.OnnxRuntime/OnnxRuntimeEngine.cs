using Microsoft.ML.OnnxRuntime;
using QuantBuild.Execution;

namespace QuantBuild.OnnxRuntime;

/// <summary>ONNX Runtime on the processor, with the options that a program gets by default.</summary>
internal sealed class OnnxRuntimeEngine : IInferenceEngine
{
    public string Version => $"ONNX Runtime {OrtEnv.Instance().GetVersionString()}";

    public IInferenceSession Open(ReadOnlyMemory<byte> model) => new OnnxRuntimeSession(model);

    /// <remarks>The runtime writes the optimized graph to a file only; the file lives for the length of this call.</remarks>
    public byte[] Optimize(ReadOnlyMemory<byte> model)
    {
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
}
