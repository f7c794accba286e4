using System.Globalization;
using System.Text.Json;
using QuantBuild.Cli;
using QuantBuild.Reporting;

namespace QuantBuild.Benchmarks.Large;

/// <summary>How long does a model of gigabytes take, and how much memory beyond what the runtime itself needs?</summary>
internal static class LargeCommand
{
    public const string Usage = "usage: dotnet run -c Release --project tests/QuantBuild.Benchmarks -- large [--gigabytes 3] [--output FILE.json]";

    private const double MemoryPerLargestLayer = 1.5;

    private const long MemoryBytes = 300L << 20;

    private static readonly string[] Schemes = ["WeightOnly", "Static"];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <returns>1 when a run takes more memory than it may, or the arguments are wrong.</returns>
    public static int Run(string[] arguments)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        double gigabytes = 3;
        string? output = null;
        foreach (string[] pair in arguments.Chunk(2))
        {
            if (pair is ["--gigabytes", var number] && double.TryParse(number, out double value) && value > 0)
                gigabytes = value;
            else if (pair is ["--output", var path])
                output = Path.GetFullPath(path);
            else
                return Refuse(Usage);
        }
        string folder = Path.Combine(RepositoryRoot(), "artifacts", "large");
        double free = new DriveInfo(RepositoryRoot()).AvailableFreeSpace / (double)(1L << 30);
        if (free < 4 * gigabytes)
            return Refuse($"{folder}: {free:F0} GiB are free; the model, its quantized forms and the runtime's temporary files take up to {4 * gigabytes:F0}.");

        Progress($"generating {gigabytes} GiB");
        using var project = LargeProject.OfBlocks(folder, gigabytes);
        LargeRun[] runs = [.. Schemes.Select(scheme => Measure(project, scheme))];
        Console.WriteLine(Table(runs));
        if (output is not null)
            File.WriteAllText(output, JsonSerializer.Serialize(runs, Json) + "\n");
        return runs.All(run => run.WithinLimit) ? 0 : 1;
    }

    private static LargeRun Measure(LargeProject project, string scheme)
    {
        Progress($"{scheme}: quantizing");
        WatchedProcess worker = project.Quantize(new WorkerSetting("Scheme", scheme));
        Progress($"{scheme}: opening both models in the bare runtime");
        WatchedProcess bare = BareSessions.RunInProcess(project.ModelPath, project.ShippedPath, project.DataPath);
        QuantizationReport report = JsonSerializer.Deserialize(File.ReadAllBytes(project.ReportPath), ReportJson.Default.QuantizationReport)!;
        long allowed = (long)(MemoryPerLargestLayer * project.LargestLayerBytes) + MemoryBytes;
        return new LargeRun(
            scheme, project.ModelBytes, project.LargestLayerBytes, report.Size.QuantizedBytes, worker.Elapsed.TotalSeconds, MiB(worker.PeakBytes),
            bare.Elapsed.TotalSeconds, MiB(bare.PeakBytes), MiB(worker.PeakBytes - bare.PeakBytes), MiB(allowed),
            worker.PeakBytes - bare.PeakBytes <= allowed, report.Accuracy?.SqnrDecibels, BareSessions.DecibelsOf(bare), report.Kernels.Planned, report.Kernels.Fused);
    }

    private static string Table(IEnumerable<LargeRun> runs) => string.Join('\n', runs
        .Select(run => $"| {run.Scheme} | {run.ModelBytes / 1e9:F2} → {run.ShippedBytes / 1e9:F2} GB | {run.Seconds:F0} | {run.PeakMiB:F0} | {run.BareMiB:F0} | {run.ExtraMiB:F0} of {run.AllowedMiB:F0} "
            + $"| {run.SqnrDecibels:F1} ({run.MeasuredDecibels:F1}) | {run.Fused} of {run.Planned} |")
        .Prepend("|---|---|--:|--:|--:|--:|--:|--:|")
        .Prepend("| scheme | size | seconds | peak MiB | bare runtime MiB | beyond it | dB (measured here) | fused |"));

    private static double MiB(long bytes) => Math.Round(bytes / (double)(1 << 20), 1);

    private static string RepositoryRoot()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "QuantBuild.sln")))
            root = Path.GetDirectoryName(root) ?? throw new FileNotFoundException("The benchmark does not run inside of the repository.");
        return root;
    }

    private static int Refuse(string why)
    {
        Console.Error.WriteLine(why);
        return 1;
    }

    private static void Progress(string text) => Console.Error.WriteLine($"[{DateTime.Now:HH:mm:ss}] {text}");
}

/// <param name="BareMiB">Peak of a program that does nothing but open the float and the shipped model at once and run a sample.</param>
/// <param name="ExtraMiB">Peak of the worker beyond that.</param>
/// <param name="AllowedMiB">1.5 × the largest layer + 300 MiB.</param>
/// <param name="SqnrDecibels">As the report has it.</param>
/// <param name="MeasuredDecibels">Of the shipped file, measured by the bare program.</param>
internal sealed record LargeRun(
    string Scheme,
    long ModelBytes,
    long LargestLayerBytes,
    long ShippedBytes,
    double Seconds,
    double PeakMiB,
    double BareSeconds,
    double BareMiB,
    double ExtraMiB,
    double AllowedMiB,
    bool WithinLimit,
    double? SqnrDecibels,
    double MeasuredDecibels,
    int Planned,
    int Fused);
