using QuantBuild.Testing;
using QuantBuild.Testing.Nets;

namespace QuantBuild.OnnxRuntime.Tests.Pipeline;

/// <summary>With every step that gives accuracy back, the file does not depend on the number of threads, on the culture and on how wide our own
/// vectors are. The runtime keeps its own threads and instructions.</summary>
[TestClass]
public sealed class SameBytesTests
{
    private const int Count = 12;

    /// <summary>What differs from one process to the next; the first has vectors as wide as there are.</summary>
    private static readonly (string Processors, string Culture, VectorWidth? Width)[] Machines =
    [
        ("2", "C", null),
        ("1", "tr_TR.UTF-8", VectorWidth.Vector128),
        ("5", "de_DE.UTF-8", VectorWidth.Vector256),
    ];

    [TestMethod]
    public void Quantize_EveryRecoveryStep_SameBytesOnEveryMachine()
    {
        var files = new Dictionary<string, byte[]>();
        foreach ((string processors, string culture, VectorWidth? width) in Machines)
        {
            using PipelineProject project = new PipelineProject()
                .WithData("images.npz", NaturalInputs.Images("image", Count, 3, 16, 16, seed: 1))
                .WithData("rows.npz", NamedArray.Of("x", [Count, 9, 24], SeededValues.Floats("x", -2, 2, Count * 9 * 24)));
            Add(project, "convolutions", ConvNet(), "images.npz", "CoordinateDescent");
            Add(project, "convolutions-learned", ConvNet(), "images.npz", "AdaRound");
            Add(project, "transformer", Transformer(), "rows.npz", "Gptq");
            AddInFewBits(project, "convolutions-in-3-bits", ConvNet(), "images.npz", "WeightOnly", "Int3");
            AddInFewBits(project, "transformer-in-4-bits", Transformer(), "rows.npz", "Palettized", "Int4");
            AddInFewBits(project, "transformer-in-4-bit-integers", Transformer(), "rows.npz", "Static", "Int4");
            var environment = new Dictionary<string, string>(width?.Environment() ?? new Dictionary<string, string>())
            {
                ["DOTNET_PROCESSOR_COUNT"] = processors, ["LANG"] = culture, ["LC_ALL"] = culture,
            };

            string result = project.RunWorker(runtimeLibrary: null, environment);

            foreach (string name in project.Models.Select(model => model.Name))
            {
                Assert.IsTrue(File.Exists(project.Output(name + ".onnx")), result);
                byte[] bytes = File.ReadAllBytes(project.Output(name + ".onnx"));
                if (!files.TryAdd(name, bytes))
                    CollectionAssert.AreEqual(files[name], bytes, $"{name}: {processors} processors, {culture}, {width}");
            }
        }
    }

    private static void Add(PipelineProject project, string name, byte[] model, string data, string rounding) => project.WithModel(
        name, model,
        ("Scheme", "Static"), ("Objective", "Size"), ("Gate", "Off"), ("CalibrationData", Path.Combine(project.Directory, data)),
        ("RangeEstimator", "Auto"), ("Rounding", rounding), ("BiasCorrection", "Full"), ("BlockReconstruction", "true"),
        ("SmoothQuant", "true"), ("CrossLayerEqualization", "true"));

    private static void AddInFewBits(PipelineProject project, string name, byte[] model, string data, string scheme, string type) => project.WithModel(
        name, model,
        ("Scheme", scheme), ("WeightType", type), ("Gate", "Off"), ("CalibrationData", Path.Combine(project.Directory, data)), ("BlockReconstruction", "true"));

    /// <summary>An inverted residual block: convolutions of one position around a depthwise one.</summary>
    private static byte[] ConvNet()
    {
        var net = new LayerBuilder(seed: 1, opset: 17);
        string x = net.Op("Relu", net.ConvNormalized(net.Input("image", "n,3,16,16"), 3, 12, [3, 3], stride: 2));
        string y = net.Op("Relu", net.ConvNormalized(x, 12, 36, [1, 1]));
        y = net.Op("Relu", net.ConvNormalized(y, 36, 36, [3, 3], group: 36));
        x = net.Op("Add", $"{x} {net.ConvNormalized(y, 36, 12, [1, 1])}");
        net.Output(net.Gemm(net.Op("Flatten", net.Op("GlobalAveragePool", x)), 12, 5), "n,5");
        return net.ToBytes();
    }

    /// <summary>One block with one head: attention and two layers behind it, each added to what it reads.</summary>
    private static byte[] Transformer()
    {
        var net = new LayerBuilder(seed: 2, opset: 17);
        string x = net.Input("x", "n,9,24");
        string normal = Normalize(x);
        string keys = net.Op("Transpose", net.Linear(normal, 24, 24), ("perm", new[] { 0, 2, 1 }));
        string weights = net.Op("Softmax", net.Op("MatMul", $"{net.Linear(normal, 24, 24)} {keys}"));
        x = net.Op("Add", $"{x} {net.Linear(net.Op("MatMul", $"{weights} {net.Linear(normal, 24, 24)}"), 24, 24)}");
        string inner = net.Op("Relu", net.Linear(Normalize(x), 24, 50));
        net.Output(net.Op("Add", $"{x} {net.Linear(inner, 50, 24)}"), "n,9,24");
        return net.ToBytes();

        string Normalize(string value) => net.Op(
            "LayerNormalization", $"{value} {net.Vector("gamma", net.Values.Uniforms(24, 0.5f, 4))} {net.Vector("beta", net.Values.Normals(24, 0, 0.1f))}");
    }
}
