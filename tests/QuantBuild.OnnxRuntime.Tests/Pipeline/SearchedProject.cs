using System.Text.Json;
using QuantBuild.Testing;
using QuantBuild.Testing.Nets;

namespace QuantBuild.OnnxRuntime.Tests.Pipeline;

/// <summary>Projects with something to search for, on a clock that stands still: how busy the machine is ends no search.</summary>
internal static class SearchedProject
{
    private const int Samples = 40;

    public static (string Name, string Value)[] Within(string drop, string budget = "4s") => [("MaxAccuracyDrop", drop), ("TimeBudget", budget)];

    public static PipelineProject Digits(params (string Name, string Value)[] metadata)
    {
        PipelineProject project = PipelineProject.Digits(metadata);
        project.Time = new StandingClock();
        return project;
    }

    /// <summary>A net without labels, so that outputs are compared.</summary>
    public static PipelineProject Of(GeneratedNet net, params (string Name, string Value)[] metadata)
    {
        PipelineProject project = new PipelineProject().WithData("data.npz", [.. net.Samples(Samples, seed: 3)]);
        project.Time = new StandingClock();
        return project.WithModel(net.Name, net.Model, [("CalibrationData", "data.npz"), .. metadata]);
    }

    /// <summary>Three layers that are done with in no time.</summary>
    public static PipelineProject Small(params (string Name, string Value)[] metadata)
    {
        var project = new PipelineProject { Time = new StandingClock() };
        return project.WithData("rows.npz", SmallRows(Samples)).WithModel("small", SmallNet(), [("CalibrationData", "rows.npz"), .. metadata]);
    }

    public static byte[] SmallNet()
    {
        var net = new LayerBuilder(seed: 21, opset: 17);
        string x = net.Op("Relu", net.Gemm(net.Input("x", "n,24"), 24, 96, gain: 2));
        x = net.Op("Relu", net.Gemm(x, 96, 64));
        net.Output(net.Gemm(x, 64, 10), "n,10");
        return net.ToBytes();
    }

    public static NamedArray SmallRows(int count) => NamedArray.Of("x", [count, 24], SeededValues.Floats("rows", -2, 2, count * 24));

    /// <returns>Null when nothing was searched.</returns>
    public static JsonElement? Search(this PipelineProject project, string name) =>
        project.Report(name).TryGetProperty("search", out JsonElement search) ? search : null;

    public static JsonElement[] Candidates(this PipelineProject project, string name) =>
        [.. project.Search(name)!.Value.GetProperty("candidates").EnumerateArray()];

    public static JsonElement Chosen(this PipelineProject project, string name) =>
        project.Candidates(name).Single(candidate => candidate.GetProperty("chosen").GetBoolean());

    /// <summary>Node → form.</summary>
    public static SortedDictionary<string, string> Layers(this PipelineProject project, string name) => new(
        project.Report(name).GetProperty("layers").EnumerateObject().ToDictionary(layer => layer.Name, layer => layer.Value.GetString()!),
        StringComparer.Ordinal);

    public static double Decibels(this JsonElement candidate) => candidate.GetProperty("sqnrDecibels").GetDouble();

    public static double Cost(this JsonElement candidate) => candidate.GetProperty("estimatedCost").GetDouble();

    public static long Bytes(this JsonElement candidate) => candidate.GetProperty("bytes").GetInt64();

    public static bool Fits(this JsonElement candidate) => candidate.GetProperty("fits").GetBoolean();

    public static double Drop(this JsonElement candidate) => candidate.GetProperty("drop").GetDouble();

    private sealed class StandingClock : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }
}
