using System.Text.Json;
using QuantBuild.Data;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Pipeline;

/// <summary>Weights in few bits that are stored together.</summary>
[TestClass]
public sealed class WeightSharingTests
{
    private const int Width = 64;

    private const int Samples = 200;

    [TestMethod]
    public void TensorsThatAreMultiples_AreStoredOnceWhereNothingIsLost()
    {
        float[] first = SeededValues.Floats("w", -0.2f, 0.2f, Width * Width);
        float[][] weights = [first, [.. first.Select(value => -0.5f * value)], SeededValues.Floats("other", -0.2f, 0.2f, Width * Width)];
        (string, string)[] settings = [("Scheme", "WeightOnly"), ("WeightType", "Int4"), ("Rounding", "Nearest")];

        using PipelineProject apart = Quantized(weights, [.. settings, ("WeightSharing", "false")]);
        using PipelineProject together = Quantized(weights, settings);
        using PipelineProject others = Quantized([first, SeededValues.Floats("second", -0.1f, 0.1f, Width * Width), weights[2]], settings);

        Assert.IsTrue(Step(together)!.Value.GetProperty("kept").GetBoolean(), Step(together).ToString());
        Assert.IsNull(Step(apart));
        Assert.IsGreaterThan(Width * Width / 2 * 0.9, Bytes(others) - Bytes(together));
        Assert.AreEqual(Bytes(together), Bytes(apart), "the codes are the same, and so they are stored once in any case");
        Assert.IsGreaterThan(Decibels(apart) - 0.1, Decibels(together));
    }

    [TestMethod]
    public void TensorsThatAreNearlyMultiples_AreJudgedOnSamples()
    {
        float[] first = SeededValues.Floats("w", -0.2f, 0.2f, Width * Width);
        float[] noise = SeededValues.Floats("noise", -0.002f, 0.002f, Width * Width);
        float[][] weights =
            [first, [.. first.Zip(noise, (value, error) => (-0.75f * value) + error)], SeededValues.Floats("other", -0.2f, 0.2f, Width * Width)];
        (string, string)[] settings = [("Scheme", "WeightOnly"), ("WeightType", "Int4")];

        using PipelineProject judged = Quantized(weights, settings);
        using PipelineProject together = Quantized(weights, [.. settings, ("WeightSharing", "true")]);

        JsonElement step = Step(judged)!.Value;
        bool losesLittle = step.GetProperty("withDecibels").GetDouble() >= step.GetProperty("withoutDecibels").GetDouble() - 0.1;
        Assert.AreEqual(losesLittle, step.GetProperty("kept").GetBoolean(), step.ToString());
        Assert.AreEqual(losesLittle, Bytes(judged) == Bytes(together));
        Assert.IsGreaterThan(Decibels(judged) - 4, Decibels(together));
    }

    [TestMethod]
    public void TensorsThatDiffer_AreLeftAlone()
    {
        float[][] weights = [.. Enumerable.Range(0, 3).Select(i => SeededValues.Floats($"w{i}", -0.2f, 0.2f, Width * Width))];

        using PipelineProject project = Quantized(weights, [("Scheme", "WeightOnly"), ("WeightType", "Int4"), ("WeightSharing", "true")]);

        Assert.IsNull(Step(project));
    }

    [TestMethod]
    [DataRow("Auto")]
    [DataRow("Nearest")]
    public void CodebooksOfLayersThatAreAlike_AreFewer(string rounding)
    {
        float[][] weights = [.. Enumerable.Range(0, 6).Select(i => Normal($"w{i}", 0.05f * (i + 1)))];
        (string, string)[] settings = [("Scheme", "Palettized"), ("WeightType", "Int4"), ("Rounding", rounding)];

        using PipelineProject apart = Quantized(weights, [.. settings, ("WeightSharing", "false")]);
        using PipelineProject together = Quantized(weights, [.. settings, ("WeightSharing", "true")]);
        using PipelineProject judged = Quantized(weights, settings);

        Assert.AreEqual(weights.Length, Codebooks(apart));
        Assert.IsLessThan(weights.Length - 1, Codebooks(together));
        Assert.IsLessThan(Bytes(apart), Bytes(together));
        Assert.IsGreaterThan(Decibels(apart) - 3, Decibels(together));
        JsonElement step = Step(judged)!.Value;
        bool losesLittle = step.GetProperty("withDecibels").GetDouble() >= step.GetProperty("withoutDecibels").GetDouble() - 0.1;
        Assert.AreEqual(losesLittle, step.GetProperty("kept").GetBoolean(), step.ToString());
        Assert.AreEqual(losesLittle ? Bytes(together) : Bytes(apart), Bytes(judged));
    }

    private static PipelineProject Quantized(float[][] weights, (string, string)[] settings)
    {
        ModelBuilder model = new ModelBuilder().Input("x", $"n,{Width}");
        string value = "x";
        for (int i = 0; i < weights.Length; i++)
        {
            model.Floats($"w{i}", [Width, Width], weights[i]).Node("MatMul", $"{value} w{i}", $"m{i}").Node("Tanh", $"m{i}", $"t{i}");
            value = $"t{i}";
        }
        NamedArray samples = NamedArray.Of("x", [Samples, Width], SeededValues.Floats("x", -1, 1, Samples * Width));
        PipelineProject project = new PipelineProject().WithData("data.npz", samples);
        return project.WithModel(
            "net", model.Output(value), [("CalibrationData", Path.Combine(project.Directory, "data.npz")), ("Metric", "SignalToNoise"), ("Gate", "Off"), .. settings])
            .QuantizeAll();
    }

    /// <summary>Sums of twelve even numbers are nearly distributed so.</summary>
    private static float[] Normal(string name, float deviation)
    {
        float[] parts = SeededValues.Floats(name, -0.5f, 0.5f, Width * Width * 12);
        return [.. Enumerable.Range(0, Width * Width).Select(i => deviation * parts.AsSpan(i * 12, 12).ToArray().Sum())];
    }

    /// <summary>Tables of 16 floats that codes are looked up in.</summary>
    private static int Codebooks(PipelineProject project)
    {
        OnnxGraph graph = OnnxModelReader.Load(project.Output("net.onnx"), new Diagnostics.DiagnosticOrigin("net.onnx")).Graph;
        return graph.Nodes.Where(node => node.Is("Gather")).Select(node => node.Inputs[0]).Distinct(StringComparer.Ordinal)
            .Count(name => graph.InitializerOf(name) is { ElementType: OnnxElementType.Float, Length: 16 });
    }

    private static long Bytes(PipelineProject project) => new FileInfo(project.Output("net.onnx")).Length;

    private static double Decibels(PipelineProject project) => project.Report("net").GetProperty("accuracy").GetProperty("sqnrDecibels").GetDouble();

    private static JsonElement? Step(PipelineProject project)
    {
        JsonElement[] steps = [.. project.Report("net").GetProperty("recovery").EnumerateArray().Where(step => step.GetProperty("step").GetString() == "WeightSharing")];
        return steps.Length == 0 ? null : steps.Single();
    }
}
