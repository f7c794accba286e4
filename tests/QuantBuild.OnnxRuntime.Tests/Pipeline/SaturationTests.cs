using Microsoft.ML.OnnxRuntime;
using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Pipeline;

/// <summary>Proves of files as they ship that no input can saturate the kernels of a processor without VNNI, which add the products of two
/// neighbours in 16 bits. The order of the neighbours is written down here once more.</summary>
[TestClass]
public sealed class SaturationTests
{
    private const int LargestInput = 255;

    private const int Count = 24;

    private static readonly (string Name, ModelBuilder Model, long[] Input, int Sums)[] Nets =
    [
        ("convolutions", Convolutions(), [9, 6, 6], 8 + 12 + 6 + 5),
        ("products", Products(), [6, 33], 15 + 17 + 9),
        ("recurrent", Recurrent(), [5, 33], (2 * 2 * 4 * 64) + 7),
    ];

    [TestMethod]
    [DataRow("Nearest")]
    [DataRow("CoordinateDescent")]
    [DataRow("Gptq")]
    [DataRow("AdaRound")]
    [DataRow("Auto")]
    public void ShippedFile_WorstInputs_SaturateNoPair(string rounding)
    {
        foreach (string granularity in new[] { "PerChannel", "PerTensor" })
            foreach ((string name, ModelBuilder model, long[] input, int sums) in Nets)
            {
                using PipelineProject project = Quantized(name, model, input, ("Rounding", rounding), ("Granularity", granularity));

                int[][] kernels = [.. KernelSums(Read(project, name))];

                Assert.AreEqual(sums, kernels.Length, $"{name}: a layer is not in integers");
                Assert.IsTrue(kernels.Any(codes => codes.Any(code => Math.Abs(code) > 64)), $"{name}: with 7 bits nothing is proven");
                foreach (int[] codes in kernels)
                    foreach (int sign in new[] { 1, -1 })
                        for (int i = 0; i < codes.Length; i += 2)
                        {
                            int pair = Worst(codes[i], sign) + (i + 1 < codes.Length ? Worst(codes[i + 1], sign) : 0);
                            Assert.IsTrue(pair is >= short.MinValue and <= short.MaxValue, $"{name}, {rounding}, {granularity}: pair {i / 2} sums to {pair}");
                        }
            }
    }

    /// <summary>The runtime then widens before it multiplies. It renames the weights and their zero points one by one, which none may share.</summary>
    [TestMethod]
    [DataRow("PerChannel")]
    [DataRow("PerTensor")]
    public void ShippedFile_PreciseKernels_OpensAndGivesTheSame(string granularity)
    {
        foreach ((string name, ModelBuilder model, long[] input, _) in Nets)
        {
            using PipelineProject project = Quantized(name, model, input, ("Granularity", granularity));

            CollectionAssert.AreEqual(
                Run(project.Output(name + ".onnx"), input, isPrecise: false), Run(project.Output(name + ".onnx"), input, isPrecise: true), name);
        }
    }

    private static int Worst(int code, int sign) => code * sign > 0 ? LargestInput * code : 0;

    private static PipelineProject Quantized(string name, ModelBuilder model, long[] input, params (string Name, string Value)[] settings)
    {
        long[] shape = [Count, .. input];
        var project = new PipelineProject().WithData("data.npz", NamedArray.Of("x", shape, Values(shape)));
        return project.WithModel(
            name, model, [("Scheme", "Static"), ("Objective", "Size"), ("Gate", "Off"), ("CalibrationData", Path.Combine(project.Directory, "data.npz")), .. settings])
            .QuantizeAll();
    }

    private static float[] Values(long[] shape) => SeededValues.Floats("x", -1, 1, shape.Aggregate(1L, (product, length) => product * length));

    private static OnnxGraph Read(PipelineProject project, string name) =>
        OnnxModelReader.Parse(File.ReadAllBytes(project.Output(name + ".onnx")), new DiagnosticOrigin(name)).Graph;

    private static float[] Run(string path, long[] input, bool isPrecise)
    {
        using SessionOptions options = OnnxRuntimeSession.CreateOptions();
        if (isPrecise)
            options.AddSessionConfigEntry("session.x64quantprecision", "1");
        using var session = new InferenceSession(path, options);
        using var runOptions = new RunOptions();
        long[] shape = [Count, .. input];
        using OrtValue x = OrtValue.CreateTensorValueFromMemory(Values(shape), shape);
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(runOptions, ["x"], [x], ["y"]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    /// <summary>The signed codes that one output adds up, in the kernel's order.</summary>
    private static IEnumerable<int[]> KernelSums(OnnxGraph graph)
    {
        foreach (OnnxNode node in graph.Nodes)
            switch (node.OpType)
            {
                // [out, in / group, height, width]: input channels innermost. Of a depthwise convolution every product is added by itself.
                case "Conv" when Stored(graph, node.Inputs[1]) is { } w && w.Shape[1] > 1:
                    int spatial = (int)(w.Shape[2] * w.Shape[3]);
                    foreach (sbyte[] output in w.Values<sbyte>().ToArray().Chunk((int)w.Shape[1] * spatial))
                        yield return [.. Enumerable.Range(0, output.Length).Select(i => (int)output[(i % (int)w.Shape[1] * spatial) + (i / (int)w.Shape[1])])];
                    break;
                case "Gemm" or "MatMul" when Stored(graph, node.Inputs[1]) is { } w:
                    bool isTransposed = node.GetInt("transB", 0) == 1;
                    foreach (int[] output in Columns(w, isTransposed ? 0 : 1))
                        yield return output;
                    break;
                // [directions, in, gates]
                case "DynamicQuantizeLSTM":
                    foreach (int[] output in new[] { 1, 2 }.SelectMany(index => Columns(graph.InitializerOf(node.Inputs[index])!, 2)))
                        yield return output;
                    break;
            }
    }

    /// <summary>The codes for each index of the last or first axis, those of every matrix by themselves.</summary>
    private static IEnumerable<int[]> Columns(OnnxTensor weight, int outputAxis)
    {
        int[] codes = [.. weight.Values<sbyte>().ToArray().Select(code => (int)code)];
        int inner = (int)weight.Shape[^1];
        int rows = (int)weight.Shape[^2];
        foreach (int[] matrix in codes.Chunk(rows * inner))
            for (int output = 0; output < (outputAxis == 0 ? rows : inner); output++)
                yield return outputAxis == 0
                    ? matrix[(output * inner)..((output + 1) * inner)]
                    : [.. Enumerable.Range(0, rows).Select(row => matrix[(row * inner) + output])];
    }

    /// <summary>The signed 8-bit constant that a node reads; null when it reads none.</summary>
    private static OnnxTensor? Stored(OnnxGraph graph, string value) =>
        graph.ProducerOf(value) is { OpType: "DequantizeLinear" } dequantize && graph.InitializerOf(dequantize.Inputs[0]) is { ElementType: OnnxElementType.Int8 } stored
            ? stored
            : null;

    /// <summary>All near the largest, in runs of one sign: at full 8 bits every pair would saturate.</summary>
    private static OnnxTensor Flat(string name, params long[] shape)
    {
        float[] values = SeededValues.Floats(name, 0.8f, 1, shape.Aggregate(1L, (product, length) => product * length));
        float size = 1 / MathF.Sqrt(values.Length / shape[0]);
        for (int i = 0; i < values.Length; i++)
            values[i] *= i / 7 % 3 == 1 ? -size : size;
        return OnnxTensor.Float(shape, values);
    }

    /// <summary>Whole, in groups of an odd number, depthwise, of one position. Equal numbers of outputs share what they can.</summary>
    private static ModelBuilder Convolutions() => new ModelBuilder().Input("x", "n,9,6,6").Output("y")
        .Initializer("a", Flat("a", 8, 9, 3, 3)).Weights("ab", 8).Node("Conv", "x a ab", "c").Node("Relu", "c", "d")
        .Initializer("e", Flat("e", 12, 4, 3, 3)).Node("Conv", "d e", "f", ("group", 2), ("pads", new[] { 1, 1, 1, 1 }))
        .Initializer("g", Flat("g", 12, 1, 3, 3)).Node("Conv", "f g", "h", ("group", 12), ("pads", new[] { 1, 1, 1, 1 }))
        .Initializer("i", Flat("i", 6, 12, 1, 1)).Node("Conv", "h i", "j").Node("GlobalAveragePool", "j", "k").Node("Flatten", "k", "l")
        .Initializer("m", Flat("m", 5, 6)).Weights("mb", 5).Node("Gemm", "l m mb", "y", ("transB", 1));

    private static ModelBuilder Products() => new ModelBuilder().Input("x", "n,6,33").Output("y")
        .Initializer("a", Flat("a", 33, 15)).Weights("ab", 15).Node("MatMul", "x a", "b").Node("Add", "b ab", "c").Node("Relu", "c", "d")
        .Node("ReduceMean", "d", "e", ("axes", new[] { 1 }), ("keepdims", 0))
        .Initializer("f", Flat("f", 15, 17)).Weights("fb", 17).Node("Gemm", "e f fb", "g").Node("Relu", "g", "h")
        .Initializer("i", Flat("i", 9, 17)).Weights("ib", 9).Node("Gemm", "h i ib", "y", ("transB", 1));

    private static ModelBuilder Recurrent() => new ModelBuilder().Input("x", "n,5,33").Output("y")
        .Initializer("w", Flat("w", 2, 256, 33)).Initializer("r", Flat("r", 2, 256, 64))
        .Node("LSTM", "x w r", "s - -", ("hidden_size", 64), ("direction", "bidirectional"))
        .Node("ReduceMean", "s", "t", ("axes", new[] { 1 }), ("keepdims", 0))
        .Initializer("v", Flat("v", 64, 7)).Node("MatMul", "t v", "y");
}
