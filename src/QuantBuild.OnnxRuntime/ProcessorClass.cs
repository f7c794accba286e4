using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace QuantBuild.OnnxRuntime;

/// <summary>Names the instruction set that ONNX Runtime's kernels use on this processor.</summary>
/// <remarks>The runtime chooses by the processor's features (<c>onnxruntime/core/mlas/lib/platform.cpp</c>), whatever this process is allowed
/// to use: the features are therefore asked of the processor, not of .NET.</remarks>
internal static class ProcessorClass
{
    public static string OfThisMachine { get; } = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 when X86Base.IsSupported => X64(X86Base.CpuId),
        Architecture.Arm64 => "arm64" + (Dp.IsSupported ? "-dotprod" : ""),
        Architecture other => other.ToString().ToLowerInvariant(),
    };

    /// <param name="cpuId">Leaf and subleaf → the four registers of <c>CPUID</c>.</param>
    internal static string X64(Func<int, int, (int Eax, int Ebx, int Ecx, int Edx)> cpuId)
    {
        bool avx = Has(cpuId(1, 0).Ecx, 28) && Has(cpuId(1, 0).Ecx, 12);
        if (!avx || cpuId(0, 0).Eax < 7)
            return "x64";
        (int subleaves, int features, int more, int tiles) = cpuId(7, 0);
        bool avx2 = Has(features, 5);
        bool avx512 = Has(features, 16) && Has(features, 17) && Has(features, 30) && Has(features, 31);
        bool vnni512 = avx512 && Has(more, 11);
        bool vnni = subleaves >= 1 && Has(cpuId(7, 1).Eax, 4);
        bool amx = Has(tiles, 24) && Has(tiles, 25);
        return (avx2, avx512, vnni512, vnni, amx) switch
        {
            (false, _, _, _, _) => "x64-avx",
            (_, true, true, _, true) => "x64-avx512-vnni-amx",
            (_, true, true, _, _) => "x64-avx512-vnni",
            (_, true, _, _, _) => "x64-avx512",
            (_, _, _, true, _) => "x64-avx2-vnni",
            _ => "x64-avx2",
        };
    }

    private static bool Has(int register, int bit) => (register >> bit & 1) != 0;
}
