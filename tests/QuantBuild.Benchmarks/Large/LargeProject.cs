using System.Text.Json;
using QuantBuild.Cli;
using QuantBuild.Testing;

namespace QuantBuild.Benchmarks.Large;

/// <summary>A folder with a generated model, noise shaped like its input, and what the worker makes of them.</summary>
internal sealed class LargeProject : IDisposable
{
    /// <summary>Values of a token: two weights of 64 MiB a block.</summary>
    private const int Width = 2048;

    /// <summary>Every fourth is held out for the comparison.</summary>
    private const int Samples = 8;

    private const double BlockGibibytes = 8.0 * Width * Width * sizeof(float) / (1L << 30);

    /// <param name="folder">Is deleted in the end.</param>
    public LargeProject(string folder, double gibibytes)
    {
        Folder = folder;
        Directory.CreateDirectory(folder);
        LargestLayerBytes = LargeModel.Write(ModelPath, Width, (int)Math.Ceiling(gibibytes / BlockGibibytes));
        long[] shape = [Samples, LargeModel.Tokens, Width];
        NpzWriter.Write(DataPath, NamedArray.Of(LargeModel.InputName, shape, SeededValues.Floats("noise", -2, 2, (int)shape.Aggregate((a, b) => a * b))));
    }

    public string Folder { get; }

    public string ModelPath => Path.Combine(Folder, "large.onnx");

    public string DataPath => Path.Combine(Folder, "noise.npz");

    public string ShippedPath => Output("large.onnx");

    public string ReportPath => Output("large.report.json");

    public long LargestLayerBytes { get; }

    public long ModelBytes => new FileInfo(ModelPath).Length + new FileInfo(ModelPath + ".data").Length;

    /// <summary>Quantizes the model in a worker process, as a build does.</summary>
    /// <exception cref="InvalidOperationException">The worker reports an error.</exception>
    public WatchedProcess Quantize(string scheme)
    {
        if (Directory.Exists(Output("")))
            Directory.Delete(Output(""), recursive: true);
        Directory.CreateDirectory(Output(""));
        var request = new WorkerRequest(
            WorkerRequest.CurrentSchema, WorkerRequest.Quantize, Folder, Output(""), "App", "C#", [],
            [new WorkerModel("large.onnx", ModelPath, "large", [new("Scheme", scheme), new("CalibrationData", DataPath), new("Embed", "false")])]);
        File.WriteAllBytes(Output("request.json"), JsonSerializer.SerializeToUtf8Bytes(request, WorkerJson.Default.WorkerRequest));
        var worker = WatchedProcess.Run(Path.Combine(AppContext.BaseDirectory, "quantbuild.dll"), "worker", Output("request.json"), Output("result.json"));
        return worker.ExitCode == 0
            ? worker
            : throw new InvalidOperationException($"The worker fails: {(File.Exists(Output("result.json")) ? File.ReadAllText(Output("result.json")) : "no result")}");
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private string Output(string name) => Path.Combine(Folder, "obj", name);
}
