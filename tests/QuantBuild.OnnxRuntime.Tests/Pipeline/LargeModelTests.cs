using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Precision;
using QuantBuild.Preparation;
using QuantBuild.Reconstruction;
using QuantBuild.Rewriting;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Pipeline;

/// <summary>Models whose weights lie in a file beside them: the same results, without the weights in memory.</summary>
[TestClass]
public sealed class LargeModelTests
{
    private const int Width = 128;

    private const int Samples = 8;

    private const float LastBits = 1e-4f;

    private static readonly DiagnosticOrigin Origin = new("large.onnx");

    [TestMethod]
    [DataRow("Static")]
    [DataRow("WeightOnly")]
    [DataRow("None")]
    public void Quantize_WeightsOutside_SameBytesAsInside(string scheme)
    {
        using PipelineProject outside = Outside(("Scheme", scheme));
        using PipelineProject inside = Inside(outside, ("Scheme", scheme));

        outside.QuantizeAll();
        inside.QuantizeAll();

        CollectionAssert.AreEqual(File.ReadAllBytes(inside.Output("large.onnx")), File.ReadAllBytes(outside.Output("large.onnx")));
        CollectionAssert.AreEquivalent(Files(inside), Files(outside), "Nothing is left over.");
        Assert.AreEqual(Accuracy(inside), Accuracy(outside));
    }

    [TestMethod]
    [DataRow("Static")]
    [DataRow("WeightOnly")]
    [DataRow("None")]
    public void Quantize_NotEmbedded_RunsFromTwoFiles(string scheme)
    {
        using PipelineProject beside = Outside(("Scheme", scheme), ("Embed", "false"));
        using PipelineProject again = Outside(("Scheme", scheme), ("Embed", "false"));
        using PipelineProject embedded = Outside(("Scheme", scheme));

        beside.QuantizeAll();
        again.QuantizeAll();
        embedded.QuantizeAll();

        Assert.IsTrue(File.Exists(beside.Output("large.onnx.data")));
        Assert.IsLessThan(200_000, new FileInfo(beside.Output("large.onnx")).Length);
        foreach (string file in new[] { "large.onnx", "large.onnx.data" })
            CollectionAssert.AreEqual(File.ReadAllBytes(beside.Output(file)), File.ReadAllBytes(again.Output(file)), file);
        // The same weights; the last bits of float sums depend on how the runtime lays them out in memory.
        foreach ((float expected, float actual) in Run(embedded.Output("large.onnx")).Zip(Run(beside.Output("large.onnx"))))
            Assert.AreEqual(expected, actual, LastBits);
    }

    [TestMethod]
    [DataRow("true", "Static")]
    [DataRow("false", "Static")]
    [DataRow("true", "None")]
    [DataRow("false", "None")]
    public void Quantize_FromTheCache_SameFilesAndTheWeightsCount(string embed, string scheme)
    {
        using var cache = new TemporaryFolder();
        using PipelineProject first = Outside(("Scheme", scheme), ("Embed", embed));
        using PipelineProject second = Outside(("Scheme", scheme), ("Embed", embed));

        first.QuantizeAll(("QuantBuildCacheDirectory", cache.Path));
        ProjectResult found = second.Quantize(("QuantBuildCacheDirectory", cache.Path));

        Assert.IsTrue(second.Report("large").GetProperty("fromCache").GetBoolean());
        foreach (string file in embed == "true" ? new[] { "large.onnx" } : ["large.onnx", "large.onnx.data"])
            CollectionAssert.AreEqual(File.ReadAllBytes(first.Output(file)), File.ReadAllBytes(second.Output(file)), file);
        CollectionAssert.AreEquivalent(Files(first), Files(second));
        StringAssert.Contains(string.Join(' ', found.Models.Single().Inputs!.Select(input => input.Path)), "large.onnx.data");
    }

    [TestMethod]
    public void Quantize_EmbeddedAfterNotEmbedded_TakesTheWeightsAway()
    {
        using PipelineProject project = Outside(("Scheme", "WeightOnly"));
        project.QuantizeAll(("QuantBuildEmbed", "false"));
        Assert.IsTrue(File.Exists(project.Output("large.onnx.data")));

        project.QuantizeAll();

        Assert.IsFalse(File.Exists(project.Output("large.onnx.data")));
        Run(project.Output("large.onnx"));
    }

    /// <remarks>A block has 512 KiB of weights, and 50 KiB of nodes, which are held.</remarks>
    [TestMethod]
    public void Rewrite_MoreBlocks_NoMoreMemory() => BoundedMemory.AssertPeakDoesNotGrow(2, 6, (blocks, probe) =>
    {
        using var folder = new TemporaryFolder();
        LargeModel.Write(folder.File("large.onnx"), Width, blocks);
        OnnxModel model = OnnxModelReader.Load(folder.File("large.onnx"), Origin);
        probe();
        PreparedModel prepared = ModelPreparer.Prepare(model, Origin);
        probe();
        using var weights = new WeightFile(folder.File("weights"));
        QuantizationSettings settings = TestSettings.Of(QuantizationScheme.WeightOnly);
        PlacementPlan plan = PlacementPlanner.Plan(prepared.Model.Graph, TensorFacts.None, settings, Origin, new DiagnosticBag());
        var precision = new PrecisionPlan(plan, new Dictionary<string, QuantizationParameters>());
        QuantizedModel quantized = ModelRewriter.Rewrite(
            model, prepared.Model, TensorFacts.None, precision, WeightQuantizer.Quantize(prepared.Model.Graph, precision, settings.LowBits, weights), settings, weights);
        probe();
        GC.KeepAlive(quantized);
    });

    private static PipelineProject Outside(params (string Name, string Value)[] metadata)
    {
        var project = new PipelineProject();
        string path = Path.Combine(project.Directory, "large.onnx");
        LargeModel.Write(path, Width, blocks: 2);
        return WithNoise(project, File.ReadAllBytes(path), metadata);
    }

    private static PipelineProject Inside(PipelineProject outside, params (string Name, string Value)[] metadata)
    {
        using var whole = new MemoryStream();
        new ModelFileWriter(OnnxModelReader.Load(outside.Models[0].Path, Origin).ToImage()).WriteTo(whole);
        return WithNoise(new PipelineProject(), whole.ToArray(), metadata);
    }

    private static PipelineProject WithNoise(PipelineProject project, byte[] model, (string Name, string Value)[] metadata)
    {
        long[] shape = [Samples, LargeModel.Tokens, Width];
        float[] noise = SeededValues.Floats("noise", -2, 2, Samples * LargeModel.Tokens * Width);
        return project
            .WithModel("large", model, metadata.Contains(("Scheme", "None")) ? metadata : [("CalibrationData", Path.Combine(project.Directory, "noise.npz")), .. metadata])
            .WithData("noise.npz", NamedArray.Of(LargeModel.InputName, shape, noise));
    }

    private static string? Accuracy(PipelineProject project) =>
        project.Report("large").TryGetProperty("accuracy", out JsonElement accuracy) ? accuracy.GetRawText() : null;

    private static string[] Files(PipelineProject project) =>
        [.. Directory.GetFiles(Path.GetDirectoryName(project.Output("large.onnx"))!).Select(path => Path.GetFileName(path))];

    private static float[] Run(string path)
    {
        using var session = new InferenceSession(path);
        float[] x = SeededValues.Floats("x", -2, 2, LargeModel.Tokens * Width);
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(x, [1, LargeModel.Tokens, Width]);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(options, [LargeModel.InputName], [input], [LargeModel.OutputName]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
