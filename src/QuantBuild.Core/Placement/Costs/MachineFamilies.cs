using QuantBuild.Settings;

namespace QuantBuild.Placement.Costs;

/// <summary>Which rows of the table follow which kernel that is timed.</summary>
internal static class MachineFamilies
{
    /// <summary>The kernels that are timed; everything that multiplies by no constant moves with the border.</summary>
    public static IReadOnlyList<string> Timed { get; } =
        [KernelNames.Convolution, KernelNames.Pointwise, KernelNames.Depthwise, KernelNames.MatrixProduct, KernelNames.Border];

    /// <param name="timed">A kernel that is not in it counts as on x64 with 8-bit dot products.</param>
    public static KernelFactors Of(string kernel, MachineKernels timed)
    {
        KernelFactors factors = timed.Kernels.GetValueOrDefault(FamilyOf(kernel), new KernelFactors(1, 1));
        // Activations stay floats in these: packed codes only change what is read.
        return kernel.StartsWith(KernelNames.PackedProduct, StringComparison.Ordinal) && kernel.EndsWith("/Level1", StringComparison.Ordinal)
            ? factors with { Integer = factors.Float }
            : factors;
    }

    private static string FamilyOf(string kernel)
    {
        if (kernel.StartsWith(KernelNames.PackedProduct, StringComparison.Ordinal))
            return KernelNames.MatrixProduct;
        return kernel[(kernel.IndexOf('/', StringComparison.Ordinal) + 1)..] switch
        {
            KernelNames.ProductOfActivations or KernelNames.DynamicProduct or KernelNames.DynamicLstm => KernelNames.MatrixProduct,
            var name when Timed.Contains(name, StringComparer.Ordinal) => name,
            _ => KernelNames.Border,
        };
    }
}
