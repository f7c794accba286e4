using System.Runtime.Intrinsics;

namespace QuantBuild.Testing;

/// <summary>The widest vectors that a process may use.</summary>
internal enum VectorWidth
{
    None,
    Vector128,
    Vector256,
}

internal static class VectorWidthExtensions
{
    /// <summary>Environment of a .NET process that is so restricted (dotnet/runtime, src/coreclr/jit/jitconfigvalues.h).</summary>
    public static IReadOnlyDictionary<string, string> Environment(this VectorWidth width) => width switch
    {
        VectorWidth.None => new Dictionary<string, string> { ["DOTNET_EnableHWIntrinsic"] = "0" },
        VectorWidth.Vector128 => new Dictionary<string, string> { ["DOTNET_EnableAVX2"] = "0" },
        VectorWidth.Vector256 => new Dictionary<string, string> { ["DOTNET_EnableAVX512"] = "0" },
        _ => throw new ArgumentOutOfRangeException(nameof(width), width, null),
    };

    /// <summary>Whether this process is so restricted: a switch that the runtime does not know would leave the test without meaning.</summary>
    public static bool IsInForce(this VectorWidth width) => width switch
    {
        VectorWidth.None => !Vector512.IsHardwareAccelerated && !Vector256.IsHardwareAccelerated && !Vector128.IsHardwareAccelerated,
        VectorWidth.Vector128 => !Vector512.IsHardwareAccelerated && !Vector256.IsHardwareAccelerated,
        VectorWidth.Vector256 => !Vector512.IsHardwareAccelerated,
        _ => throw new ArgumentOutOfRangeException(nameof(width), width, null),
    };
}
