using System.Globalization;
using System.Text.Json;

namespace QuantBuild.Benchmarks.Kernels;

/// <summary>How near to the machine's limits are the kernels: those that go over arrays beside copying memory, the Gram kernel beside a product of floats?</summary>
internal static class KernelsCommand
{
    public const string Usage = "kernels [--output FILE.json]";

    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static int Run(string[] arguments)
    {
        if (arguments is not ([] or ["--output", _]))
        {
            Console.Error.WriteLine(Usage);
            return 1;
        }

        Console.WriteLine("| kernel | GB/s | memcpy GB/s | share of memcpy | × scalar |\n|---|--:|--:|--:|--:|");
        List<KernelRow> kernels = [];
        foreach (KernelRace race in new MemoryRaces().All)
        {
            KernelRow row = race.Run();
            kernels.Add(row);
            Print($"| {row.Kernel} | {row.GigabytesPerSecond:0.0} | {row.MemcpyGigabytesPerSecond:0.0} | {row.MemcpyShare:0 %} | {row.SpeedUp:0.0} |");
        }

        Console.WriteLine("\n| kernel | rows | columns | threads | 10⁹ multiply-adds/s | × Gemm of floats |\n|---|--:|--:|--:|--:|--:|");
        List<GramRow> grams = [];
        foreach (GramRow row in GramRaces.Run())
        {
            grams.Add(row);
            Print($"| {row.Kernel} | {row.Rows} | {row.Columns} | {row.Threads} | {row.GigaMultiplyAddsPerSecond:0} | {row.SpeedBesideGemm:0.00} |");
        }

        if (arguments is ["--output", string path])
            File.WriteAllText(path, JsonSerializer.Serialize(new { kernels, grams }, Format) + "\n");
        return 0;
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
