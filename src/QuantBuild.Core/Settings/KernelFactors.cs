namespace QuantBuild.Settings;

/// <summary>How much longer a kernel takes than on x64 with 8-bit dot products, in both of its forms.</summary>
internal readonly record struct KernelFactors(double Float, double Integer);
