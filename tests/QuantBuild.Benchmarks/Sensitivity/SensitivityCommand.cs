using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using QuantBuild.Benchmarks.Builds;
using QuantBuild.Benchmarks.Models;
using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.OnnxRuntime;
using QuantBuild.Placement.Layers;
using QuantBuild.Sensitivity;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.Benchmarks.Sensitivity;

/// <summary>How well does the table of sensitivities rank layers, next to files in which each layer alone has the form, and what does it cost?</summary>
internal static class SensitivityCommand
{
    private const string Usage = "usage: dotnet run -c Release --project tests/QuantBuild.Benchmarks -- sensitivity FOLDER [--models A,B] [--output FILE.json]";

    private static readonly string[] DefaultModels = ["digits-lenet", "fashion-mobilenet"];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>One form that is measured of each kernel, and one that follows from it.</summary>
    private static readonly LayerForm[] Forms =
    [
        new(LayerKernel.Integer, 8), new(LayerKernel.Integer, 4), new(LayerKernel.Float, 8), new(LayerKernel.Float, 4), new(LayerKernel.Float, 2),
    ];

    /// <returns>1 when the arguments are wrong.</returns>
    public static int Run(string[] arguments)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        if (arguments is not [var bench, .. string[] rest] || !Directory.Exists(Path.Combine(bench, "models")) || rest.Length % 2 == 1)
            return Refuse();
        bench = Path.GetFullPath(bench);
        string[] models = DefaultModels;
        string? output = null;
        foreach (string[] pair in rest.Chunk(2))
            switch (pair)
            {
                case ["--models", var names] when names.Split(',').All(BenchModel.Names(bench).Contains):
                    models = names.Split(',');
                    break;
                case ["--output", var path]:
                    output = Path.GetFullPath(path);
                    break;
                default:
                    return Refuse();
            }
        SensitivityRow[] rows = [.. models.SelectMany(name => Measure(BenchModel.Read(bench, name)))];
        string text = MarkdownTable.Of(
            ["model", "form", "rounding", "", "layers", "rank correlation", "mean difference, dB", "largest, dB", "float passes", "seconds", "seconds of all files"], 4,
            rows.Select(row => new[]
            {
                row.Model, row.Form, row.Rounding, row.Kind, $"{row.Layers}", $"{row.RankCorrelation:F3}", $"{row.MeanDecibels:F2}", $"{row.LargestDecibels:F2}",
                $"{row.FloatPasses:F1}", $"{row.Seconds:F1}", $"{row.SecondsOfFiles:F1}",
            }));
        Console.WriteLine($"{text}\n{Machine.Description}");
        if (output is not null)
        {
            File.WriteAllText(output, JsonSerializer.Serialize(rows, Json) + "\n");
            File.WriteAllText(Path.ChangeExtension(output, ".md"), $"{text}\n{Machine.Description}\n");
        }
        return 0;
    }

    private static int Refuse()
    {
        Console.Error.WriteLine(Usage);
        return 1;
    }

    private static IEnumerable<SensitivityRow> Measure(BenchModel bench)
    {
        var engine = new OnnxRuntimeEngine();
        Progress.Show($"{bench.Name}: calibrating");
        CalibratedModel model = CalibratedModel.Of(
            OnnxModelReader.Parse(File.ReadAllBytes(bench.FloatPath), new DiagnosticOrigin(bench.Name)), SampleSet.Read(bench.CalibrationPath).Arrays, engine);
        Progress.Show($"{bench.Name}: {model.Catalogue.Layers.Count} layers");
        // As the files are, and as a search has it.
        TimedTable[] tables = [Measure(model, engine, isPlain: true), Measure(model, engine, isPlain: false)];
        var files = new LayerFiles(model, engine, tables[0].Table.Samples);
        foreach (LayerForm form in Forms)
        {
            WeightedLayer[] layers = [.. model.Catalogue.Layers.Where(layer => layer.Plan(form) is not null)];
            if (layers.Length == 0)
                continue;
            Progress.Show($"{bench.Name}: files, {form}");
            var watch = Stopwatch.StartNew();
            double[] expected = [.. layers.Select(layer => files.NoiseOf(layer, form))];
            double secondsOfFiles = watch.Elapsed.TotalSeconds;
            foreach (TimedTable timed in tables)
            {
                double[] found = [.. layers.Select(layer => timed.Table.Of(layer.Name, form)!.Noise)];
                double[] apart = [.. found.Zip(expected, (one, other) => 10 * Math.Log10(other / one))];
                yield return new SensitivityRow(
                    bench.Name, form.ToString(), timed.Rounding, timed.Table.Of(layers[0].Name, form)!.Measured ? "measured" : "derived", layers.Length,
                    RankCorrelation.Of(found, expected), apart.Average(), apart.Max(Math.Abs), timed.Passes, timed.Seconds, secondsOfFiles);
            }
        }
    }

    /// <param name="isPlain">Weights to the nearest values, and biases as they are.</param>
    private static TimedTable Measure(CalibratedModel model, OnnxRuntimeEngine engine, bool isPlain)
    {
        var weights = new LayerWeightsByForm(model.Prepared.Graph, isPlain ? null : model.Table, model.Precision, LowBitSettings.EightBits);
        var probe = new SensitivityProbe(engine, model.Prepared, model.Facts, model.Precision, model.Samples, weights.Of, correctsBias: !isPlain);
        var watch = Stopwatch.StartNew();
        SensitivityTable table = probe.Measure(model.Catalogue.Layers, null, null, null, CancellationToken.None);
        return new TimedTable(
            isPlain ? "nearest" : "by samples", table, table.FloatPasses * model.Samples.Calibration.Count / table.Samples, watch.Elapsed.TotalSeconds);
    }

    private sealed record TimedTable(string Rounding, SensitivityTable Table, double Passes, double Seconds);
}

/// <param name="Rounding">Of the table: as the files have it, or with what the samples show and corrected biases.</param>
/// <param name="MeanDecibels">By how much the files have more noise than the table says; their weights are rounded to the nearest values, without correction of biases.</param>
/// <param name="FloatPasses">Of the table, all forms of all layers, in runs of the float model over the samples that it takes.</param>
/// <param name="SecondsOfFiles">To make and run one file for every layer, in this form alone.</param>
internal sealed record SensitivityRow(
    string Model, string Form, string Rounding, string Kind, int Layers, double RankCorrelation, double MeanDecibels, double LargestDecibels, double FloatPasses,
    double Seconds, double SecondsOfFiles);
