using System.Text.Json;
using QuantBuild.Settings;

namespace QuantBuild.Placement.Costs;

/// <summary>What kernels cost on one kind of processor, as it ships.</summary>
/// <remarks>One table is measured; the others are that table with factors. README.md beside the files says where these come from.</remarks>
internal sealed class CostTable
{
    private static readonly Lazy<CostTable> Measured = new(() => new CostTable(TargetProfile.X64Vnni, Read("x64-vnni.json")));
    private static readonly Lazy<CostTable> X64 = new(() => Derived(TargetProfile.X64, "x64.json"));
    private static readonly Lazy<CostTable> Arm64Dot = new(() => Derived(TargetProfile.Arm64Dot, "arm64-dot.json"));
    private static readonly Lazy<CostTable> Int8Accelerator = new(() => Derived(TargetProfile.Int8Accelerator, "int8-accelerator.json"));

    private readonly Dictionary<string, KernelCostPair> kernels;

    private CostTable(TargetProfile profile, Dictionary<string, KernelCostPair> kernels)
    {
        Profile = profile;
        this.kernels = kernels;
    }

    public TargetProfile Profile { get; }

    /// <summary>False for a processor that leaves float layers to another one.</summary>
    public bool ComputesInFloat => Profile != TargetProfile.Int8Accelerator;

    /// <summary>The table that settings ask for.</summary>
    public static CostTable Of(QuantizationSettings settings) => settings is { TargetProfile: TargetProfile.Machine, MachineKernels: { } timed }
        ? Of(TargetProfile.X64Vnni).Scaled(TargetProfile.Machine, kernel => MachineFamilies.Of(kernel, timed))
        : Of(settings.TargetProfile);

    /// <summary>The table that ships; for a machine that was not timed, the one that is measured.</summary>
    public static CostTable Of(TargetProfile profile) => profile switch
    {
        TargetProfile.X64 => X64.Value,
        TargetProfile.Arm64Dot => Arm64Dot.Value,
        TargetProfile.Int8Accelerator => Int8Accelerator.Value,
        _ => Measured.Value,
    };

    public KernelCostPair Of(string kernel) => kernels[kernel];

    public KernelCostPair? Find(string kernel) => kernels.GetValueOrDefault(kernel);

    private static CostTable Derived(TargetProfile profile, string file)
    {
        using Stream stream = Open(file);
        Dictionary<string, KernelFactors> factors = JsonSerializer.Deserialize(stream, CostTableJson.Default.DictionaryStringKernelFactors)!;
        return Measured.Value.Scaled(profile, kernel => factors[kernel]);
    }

    private CostTable Scaled(TargetProfile profile, Func<string, KernelFactors> factorsOf) => new(
        profile,
        kernels.ToDictionary(
            kernel => kernel.Key,
            kernel => kernel.Value.Times(factorsOf(kernel.Key)),
            StringComparer.Ordinal));

    private static Dictionary<string, KernelCostPair> Read(string file)
    {
        using Stream stream = Open(file);
        return JsonSerializer.Deserialize(stream, CostTableJson.Default.DictionaryStringKernelCostPair)!;
    }

    private static Stream Open(string file) => typeof(CostTable).Assembly.GetManifestResourceStream(file)
        ?? throw new InvalidOperationException($"The assembly lacks the table of costs '{file}'.");
}
