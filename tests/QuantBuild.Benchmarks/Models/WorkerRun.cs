using System.Diagnostics;
using System.Text.Json;
using QuantBuild.Benchmarks.Models.Fetching;
using QuantBuild.Testing;

namespace QuantBuild.Benchmarks.Models;

/// <summary>One run of the worker, as a build starts it, that has ended.</summary>
/// <param name="ShippedPath">Null when there is none.</param>
/// <param name="Report">Null when there is none.</param>
/// <param name="Error">Code and text of the first error; null when there is none.</param>
/// <param name="Warnings">Codes and texts.</param>
internal sealed record WorkerRun(string? ShippedPath, WorkerReport? Report, string? Error, IReadOnlyList<string> Warnings)
{
    private const string Name = "model";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private static string Worker
    {
        get
        {
            // This program's own configuration: artifacts/bin/PROJECT/CONFIGURATION.
            string configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
            return Path.Combine(RepositoryFolder.Find(), "artifacts", "bin", "QuantBuild.Cli", configuration, "quantbuild.dll");
        }
    }

    /// <param name="start">Makes the command line that runs a program of .NET with arguments; null: on this machine.</param>
    public static WorkerRun Quantize(WorkerJob job, Func<string, string[], ProcessStartInfo>? start = null)
    {
        string folder = ModelFolder.NewBuild(job.Model, job.Name);
        string request = Path.Combine(folder, "request.json");
        string result = Path.Combine(folder, "result.json");
        File.WriteAllBytes(request, JsonSerializer.SerializeToUtf8Bytes(RequestOf(job, folder), Json));
        string standardError = Run((start ?? StartHere)(Worker, ["worker", request, result]));

        string shipped = Path.Combine(folder, Name + ".onnx");
        string report = Path.Combine(folder, Name + ".report.json");
        (string? error, IReadOnlyList<string> warnings) = Diagnostics(result, standardError);
        return new WorkerRun(
            File.Exists(shipped) ? shipped : null, File.Exists(report) ? WorkerReport.Read(report) : null, error, warnings);
    }

    private static object RequestOf(WorkerJob job, string folder)
    {
        var metadata = new SortedDictionary<string, string>(job.Settings.ToDictionary(), StringComparer.Ordinal)
        {
            ["CalibrationData"] = job.CalibrationPath,
        };
        if (job.ValidationPath is { } validation)
            metadata["ValidationData"] = validation;
        return new
        {
            Schema = 1,
            Command = "quantize",
            ProjectDirectory = folder,
            OutputDirectory = folder,
            RootNamespace = "Benchmarks",
            Language = "C#",
            Properties = Array.Empty<object>(),
            Models = new[]
            {
                new
                {
                    Include = job.Model + ".onnx",
                    Path = job.FloatPath,
                    Name,
                    Metadata = metadata.Select(setting => new { Name = setting.Key, setting.Value }),
                },
            },
        };
    }

    private static ProcessStartInfo StartHere(string program, string[] arguments) =>
        new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", ["exec", program, .. arguments]);

    /// <returns>What the worker wrote to standard error.</returns>
    private static string Run(ProcessStartInfo start)
    {
        // Open until the worker has ended: it stops when the one who started it is gone.
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        Task<string> progress = process.StandardOutput.ReadToEndAsync();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        progress.Wait();
        return $"exit code {process.ExitCode} {errors}";
    }

    private static (string? Error, IReadOnlyList<string> Warnings) Diagnostics(string result, string standardError)
    {
        if (!File.Exists(result))
            return ($"the worker ended without a result: {standardError}", []);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(result));
        ILookup<string, string> texts = document.RootElement.GetProperty("diagnostics").EnumerateArray().ToLookup(
            diagnostic => diagnostic.GetProperty("severity").GetString()!,
            diagnostic => $"{diagnostic.GetProperty("code").GetString()}: {diagnostic.GetProperty("message").GetString()}");
        return (texts["error"].FirstOrDefault(), [.. texts["warning"]]);
    }
}
