using QuantBuild.Benchmarks.Models.Data;
using QuantBuild.Benchmarks.Models.Fetching;
using QuantBuild.Testing.Nets;

namespace QuantBuild.Benchmarks.Models;

/// <summary>The nets that tests generate, as files.</summary>
internal static class GeneratedModels
{
    private const int SampleCount = 128;

    private const int CalibrationSeed = 1;

    private const int ValidationSeed = 2;

    public static IEnumerable<(string Name, Func<TableModel> Prepare)> All =>
        GeneratedNets.All.Select(net => (NameOf(net), (Func<TableModel>)(() => Prepare(net))));

    private static string NameOf(GeneratedNet net) => $"generated-{net.Name}";

    private static TableModel Prepare(GeneratedNet net)
    {
        string name = NameOf(net);
        string path = Path.Combine(ModelFolder.DataOf(name), "float.onnx");
        File.WriteAllBytes(path, net.Model);
        ModelData data = ModelData.Write(
            name,
            "noise: generated signals shaped like the net's input",
            [.. net.Samples(SampleCount, CalibrationSeed)],
            [.. net.Samples(SampleCount, ValidationSeed)]);
        return new TableModel(name, path, data, TableModel.CosineSimilarity);
    }
}
