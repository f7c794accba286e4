using System.Text.Json;

namespace QuantBuild.Benchmarks.Builds;

/// <summary>One model of the bench folder: <c>models/NAME/float.onnx</c>, <c>bench.json</c> with the folder of its data and its metric, and
/// <c>rivals/TOOL.CONFIGURATION.onnx</c>, the files that other tools made of it.</summary>
/// <param name="IsClassifier">True: top-1 counts. False: the cosine similarity to the float outputs does.</param>
internal sealed record BenchModel(string Name, string FloatPath, string CalibrationPath, string ValidationPath, bool IsClassifier)
{
    /// <summary>In the names of files that have other than 8 bits, or that calculate in float with stored integers.</summary>
    private static readonly string[] OtherPrecisions = ["w4", "int4", "rtn-", "hqq-", "nbits", "weightonly", "u16"];

    /// <summary>Folders below <c>models</c>, ordered by name.</summary>
    public static IEnumerable<string> Names(string bench) =>
        new DirectoryInfo(Path.Combine(bench, "models")).GetDirectories().Select(folder => folder.Name).Order(StringComparer.Ordinal);

    public static BenchModel Read(string bench, string name)
    {
        string folder = Path.Combine(bench, "models", name);
        using JsonDocument description = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "bench.json")));
        string data = Path.GetFullPath(Path.Combine(folder, description.RootElement.GetProperty("data").GetString()!));
        return new BenchModel(
            name,
            Path.Combine(folder, "float.onnx"),
            Path.Combine(data, "calibration.npz"),
            Path.Combine(data, "validation.npz"),
            description.RootElement.GetProperty("metric").GetString() == "top1");
    }

    /// <summary>Files of other tools at 8 bits, static or dynamic, ordered by name.</summary>
    public IEnumerable<string> Rivals() => AllRivals().Where(path => !OtherPrecisions.Any(Path.GetFileName(path).Contains));

    /// <summary>Files of other tools, ordered by name.</summary>
    public IEnumerable<string> AllRivals()
    {
        var folder = new DirectoryInfo(Path.Combine(Path.GetDirectoryName(FloatPath)!, "rivals"));
        return folder.Exists ? folder.GetFiles("*.onnx").Select(file => file.FullName).Order(StringComparer.Ordinal) : [];
    }
}
