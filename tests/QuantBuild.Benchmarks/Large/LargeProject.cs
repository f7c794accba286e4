using System.Text.Json;
using QuantBuild.Cli;
using QuantBuild.Testing;

namespace QuantBuild.Benchmarks.Large;

/// <summary>A folder with a generated model, samples for it, and what the worker makes of them.</summary>
internal sealed class LargeProject : IDisposable
{
    /// <summary>Values of a token: two weights of 64 MiB a block.</summary>
    private const int Width = 2048;

    /// <summary>Every fourth is held out for the comparison.</summary>
    private const int Samples = 8;

    private const double BlockGibibytes = 8.0 * Width * Width * sizeof(float) / (1L << 30);

    /// <param name="folder">Is deleted in the end.</param>
    /// <param name="write">Writes the model to a path, and gives the bytes of its largest weight.</param>
    public LargeProject(string folder, Func<string, long> write, NamedArray samples)
    {
        Folder = folder;
        Directory.CreateDirectory(folder);
        LargestLayerBytes = write(ModelPath);
        NpzWriter.Write(DataPath, samples);
    }

    /// <summary>Dense blocks, and noise shaped like their input.</summary>
    public static LargeProject OfBlocks(string folder, double gibibytes)
    {
        long[] shape = [Samples, LargeModel.Tokens, Width];
        return new LargeProject(
            folder,
            path => LargeModel.Write(path, Width, (int)Math.Ceiling(gibibytes / BlockGibibytes)),
            NamedArray.Of(LargeModel.InputName, shape, SeededValues.Floats("noise", -2, 2, (int)shape.Aggregate((a, b) => a * b))));
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
    public WatchedProcess Quantize(params IEnumerable<WorkerSetting> settings)
    {
        if (Directory.Exists(Output("")))
            Directory.Delete(Output(""), recursive: true);
        Directory.CreateDirectory(Output(""));
        var request = new WorkerRequest(
            WorkerRequest.CurrentSchema, WorkerRequest.Quantize, Folder, Output(""), "App", "C#", [],
            [new WorkerModel("large.onnx", ModelPath, "large", [.. settings, new("CalibrationData", DataPath), new("Embed", "false")])]);
        File.WriteAllBytes(Output("request.json"), JsonSerializer.SerializeToUtf8Bytes(request, WorkerJson.Default.WorkerRequest));
        var worker = WatchedProcess.Run(Path.Combine(AppContext.BaseDirectory, "quantbuild.dll"), "worker", Output("request.json"), Output("result.json"));
        return worker.ExitCode == 0
            ? worker
            : throw new InvalidOperationException($"The worker fails: {(File.Exists(Output("result.json")) ? File.ReadAllText(Output("result.json")) : "no result")}");
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private string Output(string name) => Path.Combine(Folder, "obj", name);
}
