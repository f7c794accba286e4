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
            ["model", "form", "", "layers", "rank correlation", "mean difference, dB", "largest, dB", "float passes", "seconds", "seconds of all files"], 3,
            rows.Select(row => new[]
            {
                row.Model, row.Form, row.Kind, $"{row.Layers}", $"{row.RankCorrelation:F3}", $"{row.MeanDecibels:F2}", $"{row.LargestDecibels:F2}",
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
        var weights = new LayerWeightsByForm(model.Prepared.Graph, model.Table, model.Precision, LowBitSettings.EightBits);
        var probe = new SensitivityProbe(engine, model.Prepared, model.Facts, model.Precision, model.Samples, weights.Of, correctsBias: true);
        Progress.Show($"{bench.Name}: {model.Catalogue.Layers.Count} layers");
        var watch = Stopwatch.StartNew();
        SensitivityTable table = probe.Measure(model.Catalogue.Layers, null, null, null, CancellationToken.None);
        double seconds = watch.Elapsed.TotalSeconds;
        double passes = table.FloatPasses * model.Samples.Calibration.Count / table.Samples;

        var files = new LayerFiles(model, engine, table.Samples);
        foreach (LayerForm form in Forms)
        {
            WeightedLayer[] layers = [.. model.Catalogue.Layers.Where(layer => layer.Plan(form) is not null)];
            if (layers.Length == 0)
                continue;
            Progress.Show($"{bench.Name}: files, {form}");
            watch.Restart();
            double[] expected = [.. layers.Select(layer => files.NoiseOf(layer, form))];
            double secondsOfFiles = watch.Elapsed.TotalSeconds;
            double[] found = [.. layers.Select(layer => table.Of(layer.Name, form)!.Noise)];
            double[] apart = [.. found.Zip(expected, (one, other) => 10 * Math.Log10(other / one))];
            yield return new SensitivityRow(
                bench.Name, form.ToString(), table.Of(layers[0].Name, form)!.Measured ? "measured" : "derived", layers.Length,
                RankCorrelation.Of(found, expected), apart.Average(), apart.Max(Math.Abs), passes, seconds, secondsOfFiles);
        }
    }
}

/// <param name="MeanDecibels">By how much the files have more noise than the table says; their weights are rounded to the nearest values, without correction of biases.</param>
/// <param name="FloatPasses">Of the table, all forms of all layers, in runs of the float model over the samples that it takes.</param>
/// <param name="SecondsOfFiles">To make and run one file for every layer, in this form alone.</param>
internal sealed record SensitivityRow(
    string Model, string Form, string Kind, int Layers, double RankCorrelation, double MeanDecibels, double LargestDecibels, double FloatPasses,
    double Seconds, double SecondsOfFiles);
