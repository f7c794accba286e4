using System.Globalization;
using System.Text.Json;
using QuantBuild.Benchmarks.Builds;
using QuantBuild.Benchmarks.Large;
using QuantBuild.Benchmarks.Models;
using QuantBuild.Benchmarks.Rivals;
using QuantBuild.Cli;
using QuantBuild.Testing;

namespace QuantBuild.Benchmarks.LowBits;

/// <summary>How long does a transformer of a gigabyte take to few bits, and how much memory beyond what running it takes?</summary>
internal static class LargeLowBits
{
    private const int Samples = 64;

    private const double BytesPerGigabyte = 1e9;

    private const double BytesPerMiB = 1 << 20;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private static readonly string[] Columns =
        ["recipe", "float, GB", "file, GB", "÷ float", "seconds", "peak MiB", "float model alone, MiB", "beyond it", "dB"];

    /// <returns>1 when the arguments are wrong, or this version cannot follow the recipe.</returns>
    public static int Run(string[] arguments)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        double gigabytes = 1;
        int bits = LowBitRecipes.DefaultBits[0];
        string? output = null;
        foreach (string[] pair in arguments.Chunk(2))
        {
            if (pair is ["--gigabytes", var number] && double.TryParse(number, out double size) && size > 0)
                gigabytes = size;
            else if (pair is ["--bits", var count] && int.TryParse(count, out int wanted) && LowBitRecipes.KnownBits.Contains(wanted))
                bits = wanted;
            else if (pair is ["--output", var path])
                output = Path.GetFullPath(path);
            else
                return Refuse(LowBitOptions.Usage);
        }
        LowBitRecipe recipe = LowBitRecipes.All.First(recipe => recipe.Bits == bits && recipe.Algorithm == LowBitRecipes.Uniform);
        if (recipe.Unavailable.Any())
            return Refuse($"This version does not have {string.Join(", ", recipe.Unavailable)}.");

        Progress.Show($"generating {gigabytes} GB");
        using var project = new LargeProject(
            Path.Combine(RepositoryFolder.Find(), "artifacts", "large-lowbits"),
            path => LargeTransformer.Write(path, (long)(gigabytes * BytesPerGigabyte)),
            LargeTransformer.Samples(Samples));
        LargeLowBitsRun run = Measure(project, recipe);
        Console.WriteLine($"{TableOf(run)}\n{Machine.Description}");
        if (output is not null)
            File.WriteAllText(output, JsonSerializer.Serialize(run, Json) + "\n");
        return 0;
    }

    private static LargeLowBitsRun Measure(LargeProject project, LowBitRecipe recipe)
    {
        Progress.Show("running the float model alone");
        var bare = WatchedProcess.Run(
            typeof(BareFloatSession).Assembly.Location, BareFloatSession.Command, project.ModelPath, project.DataPath);
        if (bare.ExitCode != 0)
            throw new InvalidOperationException($"The runtime does not run the float model: {bare.Output}");
        Progress.Show($"quantizing, {recipe.Configuration}");
        WatchedProcess worker = project.Quantize(recipe.Settings.Select(setting => new WorkerSetting(setting.Key, setting.Value)));
        Progress.Show("comparing");
        double decibels = BareSessions.DecibelsOf(BareSessions.RunInProcess(project.ModelPath, project.ShippedPath, project.DataPath));
        var shipped = new FileInfo(project.ShippedPath);
        return new LargeLowBitsRun(
            recipe.Configuration,
            project.ModelBytes,
            shipped.Directory!.GetFiles(shipped.Name + "*").Sum(file => file.Length),
            worker.Elapsed.TotalSeconds,
            worker.PeakBytes / BytesPerMiB,
            bare.PeakBytes / BytesPerMiB,
            decibels);
    }

    private static string TableOf(LargeLowBitsRun run) => MarkdownTable.Of(Columns, textColumns: 1,
    [
        [
            run.Recipe,
            $"{run.FloatBytes / BytesPerGigabyte:0.00}",
            $"{run.Bytes / BytesPerGigabyte:0.00}",
            $"{(double)run.Bytes / run.FloatBytes:0.000}",
            $"{run.Seconds:0}",
            $"{run.PeakMiB:0}",
            $"{run.FloatPeakMiB:0}",
            $"{run.PeakMiB - run.FloatPeakMiB:0}",
            $"{run.SqnrDb:0.0}",
        ],
    ]);

    private static int Refuse(string why)
    {
        Console.Error.WriteLine(why);
        return 1;
    }
}

/// <param name="FloatBytes">With the file of its weights.</param>
/// <param name="Seconds">Of the worker's process from start to end, evaluation included.</param>
/// <param name="PeakMiB">Of that process.</param>
/// <param name="FloatPeakMiB">Of a process that does nothing but run the float model.</param>
/// <param name="SqnrDb">On samples that the worker held out too.</param>
internal sealed record LargeLowBitsRun(
    string Recipe, long FloatBytes, long Bytes, double Seconds, double PeakMiB, double FloatPeakMiB, double SqnrDb);
