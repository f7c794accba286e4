using System.Globalization;
using System.Text.Json;
using QuantBuild.Benchmarks.Builds;
using QuantBuild.Benchmarks.Models;
using QuantBuild.Benchmarks.Rivals;
using QuantBuild.Reporting;

namespace QuantBuild.Benchmarks.Saturation;

/// <param name="Activations">Those that have a scale and a zero point.</param>
/// <param name="Different">Those of which either differs.</param>
/// <param name="Weights">Scales of weights.</param>
/// <param name="Decisions">Nodes that run otherwise, or whose weights are stored otherwise.</param>
/// <param name="Error">Null when both processors quantized the model.</param>
internal sealed record ProcessorsRow(
    string Model, int Activations, int Different, int Weights, int DifferentWeights, int Decisions, long Bytes, long OtherBytes, string? Error);

/// <summary>Quantizes on this processor and on an emulated one with AVX2, where the runtime's float kernels add in another order: how many ranges
/// does that change, and does it change what is decided?</summary>
internal static class ProcessorsCommand
{
    private const string Usage =
        "usage: dotnet run -c Release --project tests/QuantBuild.Benchmarks -- processors FOLDER [--models A,B] [--samples 64] [--output FILE.json]";

    /// <returns>1 when a decision or the size differs, or nothing could be measured.</returns>
    public static int Run(string[] arguments)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        if (arguments is not [var bench, .. string[] rest] || !Directory.Exists(Path.Combine(bench, "models")) || rest.Length % 2 == 1)
            return Refuse(Usage);
        bench = Path.GetFullPath(bench);
        string[] models = [.. BenchModel.Names(bench)];
        string samples = "64";
        string? output = null;
        foreach (string[] pair in rest.Chunk(2))
            switch (pair)
            {
                case ["--models", var names] when names.Split(',').All(models.Contains):
                    models = names.Split(',');
                    break;
                case ["--samples", var count] when int.TryParse(count, out int number) && number > 0:
                    samples = count;
                    break;
                case ["--output", var path]:
                    output = Path.GetFullPath(path);
                    break;
                default:
                    return Refuse(Usage);
            }
        try
        {
            Emulator emulator = Emulator.Find();
            var rows = new List<ProcessorsRow>();
            foreach (string name in models)
            {
                rows.Add(Measure(BenchModel.Read(bench, name), emulator, samples));
                if (output is not null)
                    RowFile.Write(output, rows, TableOf(rows));
            }
            Console.WriteLine(TableOf(rows));
            return rows.All(row => row is { Error: null, Decisions: 0 } && row.Bytes == row.OtherBytes) ? 0 : 1;
        }
        catch (InvalidOperationException exception)
        {
            return Refuse(exception.Message);
        }
    }

    private static ProcessorsRow Measure(BenchModel model, Emulator emulator, string samples)
    {
        var settings = new Dictionary<string, string>(Recipe.All.Single(recipe => recipe.Configuration == Recipe.Static).Settings)
        {
            ["SampleLimit"] = samples,
            ["Gate"] = "Off",
            ["Metric"] = "CosineSimilarity",
        };
        WorkerJob Job(string name) => new(model.Name, name, model.FloatPath, model.CalibrationPath, null, settings);

        Progress.Show($"{model.Name}: quantizing here");
        WorkerRun here = WorkerRun.Quantize(Job("processors-here"));
        Progress.Show($"{model.Name}: quantizing with AVX2");
        WorkerRun there = WorkerRun.Quantize(Job("processors-avx2"), (program, arguments) => emulator.Start(program, arguments));
        if (here.ShippedPath is not { } shippedHere || there.ShippedPath is not { } shippedThere)
            return new ProcessorsRow(model.Name, 0, 0, 0, 0, 0, 0, 0, here.Error ?? there.Error ?? "the worker shipped no model");

        QuantizationReport one = Read(shippedHere), other = Read(shippedThere);
        (string, string?, string?)[] Decisions(QuantizationReport report) => [.. report.Nodes.Select(node => (node.Name, node.Runs, node.Weights))];
        (float, int)[] Parameters(QuantizationReport report) => [.. report.Activations.Select(activation => (activation.Scale, activation.ZeroPoint))];
        float[] Scales(QuantizationReport report) => [.. report.Weights.SelectMany(weight => weight.Scales)];
        return new ProcessorsRow(
            model.Name,
            one.Activations.Count, Differences(Parameters(one), Parameters(other)),
            Scales(one).Length, Differences(Scales(one), Scales(other)),
            Differences(Decisions(one), Decisions(other)),
            one.Size.QuantizedBytes, other.Size.QuantizedBytes, null);
    }

    private static int Differences<T>(T[] one, T[] other) =>
        Math.Abs(one.Length - other.Length) + one.Zip(other).Count(pair => !EqualityComparer<T>.Default.Equals(pair.First, pair.Second));

    private static QuantizationReport Read(string shipped) => JsonSerializer.Deserialize(
        File.ReadAllBytes(Path.ChangeExtension(shipped, ".report.json")), ReportJson.Default.QuantizationReport)!;

    private static string TableOf(IReadOnlyList<ProcessorsRow> rows) => MarkdownTable.Of(
        ["model", "activations", "different", "weight scales", "different", "decisions that differ", "bytes", "bytes with AVX2", "error"],
        textColumns: 1,
        rows.Select(row => new[]
        {
            row.Model, $"{row.Activations}", $"{row.Different}", $"{row.Weights}", $"{row.DifferentWeights}", $"{row.Decisions}", $"{row.Bytes}",
            $"{row.OtherBytes}", row.Error ?? "",
        }));

    private static int Refuse(string text)
    {
        Console.Error.WriteLine(text);
        return 1;
    }
}
