using System.Text.Json;

namespace QuantBuild.Placement.Costs;

/// <summary>What kernels cost on one kind of processor, as it was measured once; a build times nothing.</summary>
internal sealed class CostTable
{
    private static readonly Lazy<CostTable> X64VnniTable = new(() => Read("x64-vnni.json"));

    private readonly Dictionary<string, KernelCostPair> kernels;

    private CostTable(Dictionary<string, KernelCostPair> kernels) => this.kernels = kernels;

    /// <summary>x64 with VNNI instructions (servers and desktops since about 2020): 8-bit products run three to four times as fast as float ones.</summary>
    public static CostTable X64Vnni => X64VnniTable.Value;

    public KernelCostPair Of(string kernel) => kernels[kernel];

    public KernelCostPair? Find(string kernel) => kernels.GetValueOrDefault(kernel);

    private static CostTable Read(string file)
    {
        using Stream stream = typeof(CostTable).Assembly.GetManifestResourceStream(file)
            ?? throw new InvalidOperationException($"The assembly lacks the table of costs '{file}'.");
        return new CostTable(JsonSerializer.Deserialize(stream, CostTableJson.Default.DictionaryStringKernelCostPair)!);
    }
}
