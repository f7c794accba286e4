using System.Numerics;
using System.Runtime.Intrinsics;
using Microsoft.ML.OnnxRuntime;

namespace QuantBuild.Benchmarks.Builds;

/// <summary>What figures were measured on.</summary>
internal static class Machine
{
    public static string Description
    {
        get
        {
            int vectorBits = Vector512.IsHardwareAccelerated ? 512 : Vector<byte>.Count * 8;
            return $"ONNX Runtime {OrtEnv.Instance().GetVersionString()}, {Environment.ProcessorCount} processors, vectors of {vectorBits} bits.";
        }
    }
}
