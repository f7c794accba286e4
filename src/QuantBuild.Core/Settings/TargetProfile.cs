namespace QuantBuild.Settings;

/// <summary>For which processor a model is made.</summary>
internal enum TargetProfile
{
    /// <summary>x64 with 8-bit dot products.</summary>
    X64Vnni,

    /// <summary>x64 with AVX2 and no dot products.</summary>
    X64,

    /// <summary>64-bit Arm with dot products.</summary>
    Arm64Dot,

    /// <summary>A device that computes with 8-bit integers only, beside a processor for all else.</summary>
    Int8Accelerator,

    /// <summary>The machine that builds: its kernels are timed.</summary>
    Machine,
}
