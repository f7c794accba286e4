using System.Diagnostics;
using QuantBuild.Benchmarks.Builds;
using QuantBuild.Benchmarks.Models.Fetching;
using QuantBuild.Diagnostics;
using QuantBuild.OnnxRuntime;
using QuantBuild.Settings;

namespace QuantBuild.Benchmarks.Searches;

/// <summary>An evolutionary search with a seed that no setting gives, in this process.</summary>
internal static class SeededSearch
{
    private const string Name = "model";

    /// <returns>Where the file is, or an error, and seconds of all work.</returns>
    public static (string? Path, string? Error, double Seconds) Run(
        BenchModel model, string job, IReadOnlyDictionary<string, string> settings, long seed)
    {
        string folder = ModelFolder.NewBuild(model.Name, job);
        var request = new ProjectRequest(
            folder,
            folder,
            "Benchmarks",
            "C#",
            [new SettingText("QuantBuildCacheDirectory", "false"), new SettingText("QuantBuildLockFile", "false")],
            [
                new ModelRequest(model.Name + ".onnx", model.FloatPath, Name,
                [
                    new SettingText("CalibrationData", model.CalibrationPath),
                    new SettingText("ValidationData", model.ValidationPath),
                    .. settings.OrderBy(setting => setting.Key, StringComparer.Ordinal).Select(setting => new SettingText(setting.Key, setting.Value)),
                ]),
            ]);
        var watch = Stopwatch.StartNew();
        ProjectResult result = new QuantizationPipeline(new OnnxRuntimeEngine(), new Progress<StageProgress>()) { Seed = seed }
            .Quantize(request, CancellationToken.None);
        string path = System.IO.Path.Combine(folder, Name + ".onnx");
        Diagnostic? error = result.Diagnostics.FirstOrDefault(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        return error is null && File.Exists(path)
            ? (path, null, watch.Elapsed.TotalSeconds)
            : (null, error is null ? "no model was shipped" : $"{error.Code}: {error.Message}", watch.Elapsed.TotalSeconds);
    }
}
