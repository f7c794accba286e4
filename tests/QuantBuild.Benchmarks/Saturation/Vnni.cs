using System.Runtime.Intrinsics.X86;

namespace QuantBuild.Benchmarks.Saturation;

/// <summary>Instructions that add four products of 8 bits in 32 bits, where nothing saturates.</summary>
internal static class Vnni
{
    private const int ExtendedFeatures = 7;

    /// <summary>Bit of ECX for the form with 512 bits; the other form is a bit of EAX in the next leaf (Intel's manual, volume 2, CPUID).</summary>
    private const int Avx512VnniBit = 11;

    private const int AvxVnniBit = 4;

    /// <summary>What the processor says itself, so that an emulated one is told from the one below it. True where there is no x64 processor.</summary>
    public static bool IsSupported
    {
        get
        {
            if (!X86Base.IsSupported)
                return true;
            (int leaves, _, int features, _) = X86Base.CpuId(ExtendedFeatures, 0);
            return (features >> Avx512VnniBit & 1) == 1 || (leaves > 0 && (X86Base.CpuId(ExtendedFeatures, 1).Eax >> AvxVnniBit & 1) == 1);
        }
    }
}
