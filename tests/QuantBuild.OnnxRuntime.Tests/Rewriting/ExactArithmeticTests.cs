using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Precision;
using QuantBuild.Reconstruction;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Rewriting;
using QuantBuild.Rewriting.LowBits;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Rewriting;

/// <summary>The runtime's kernels give exactly what the stored codes say in 64-bit arithmetic, at the inputs where 16-bit sums of pairs would
/// saturate first. Processors without VNNI are where this can fail.</summary>
[TestClass]
public sealed class ExactArithmeticTests
{
    private const int LargestCode = 255;

    /// <summary>Input codes have a zero point in the middle, so that both signs occur.</summary>
    private static readonly QuantizationParameters Input = new(QuantizedType.UInt8, 0.0078125f, 128);

    /// <summary>Just wide enough that no output of 144 products saturates.</summary>
    private static readonly QuantizationParameters Output = new(QuantizedType.UInt8, 1.25f, 128);

    [TestMethod]
    [DataRow(8)]
    [DataRow(65)]
    [DataRow(131)]
    public void MatMul_WorstInputs_EqualsExactSums(int depth) =>
        AssertExact(Model(depth).Initializer("w", Adversarial(depth, 9)).Node("MatMul", "x w", "y"), weight => weight.Rows());

    [TestMethod]
    [DataRow(8)]
    [DataRow(65)]
    [DataRow(131)]
    public void BiasedMatMul_WorstInputs_EqualsExactSums(int depth) =>
        AssertExact(
            Model(depth).Initializer("w", Adversarial(depth, 9)).Weights("b", 9).Node("MatMul", "x w", "m")
                .Node("Add", "m b", "y"), weight => weight.Rows());

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public void Gemm_WorstInputs_EqualsExactSums(int transB) =>
        AssertExact(
            Model(67).Initializer("w", transB == 0 ? Adversarial(67, 9) : Adversarial(9, 67)).Weights("b", 9)
                .Node("Gemm", "x w b", "y", ("transB", transB)),
            weight => transB == 0 ? weight.Rows() : weight.Columns());

    [TestMethod]
    [DataRow(16, 3)]
    [DataRow(5, 3)]
    [DataRow(64, 1)]
    public void Conv_WorstInputs_EqualsExactSums(int channels, int kernel) =>
        AssertExact(
            new ModelBuilder().Input("x", $"n,{channels},{kernel},{kernel}").Output("y")
                .Initializer("w", Adversarial(9, channels, kernel, kernel))
                .Weights("b", 9).Node("Conv", "x w b", "y"),
            weight => weight.Columns());

    [TestMethod]
    public void DepthwiseConv_WorstInputs_EqualsExactSums() =>
        AssertExact(
            new ModelBuilder().Input("x", "n,9,5,5").Output("y").Initializer("w", Adversarial(9, 1, 5, 5))
                .Node("Conv", "x w", "y", ("group", 9)),
            weight => weight.Columns(),
            channels: 9);

    /// <summary>Weights that are all near the largest, in runs of one sign: at full 8 bits every pair would saturate.</summary>
    private static OnnxTensor Adversarial(params long[] shape)
    {
        float[] values = SeededValues.Floats("adversarial", 0.8f, 1, shape.Aggregate(1L, (product, length) => product * length));
        for (int i = 0; i < values.Length; i++)
            values[i] *= i / 40 % 3 == 1 ? -1 : 1;
        return OnnxTensor.Float(shape, values);
    }

    private static ModelBuilder Model(int depth) => new ModelBuilder().Input("x", $"n,{depth}").Output("y");

    /// <param name="vectorsOf">The codes of each output channel, in the order of its inputs.</param>
    /// <param name="channels">Of a depthwise convolution: each output reads its own part of the input.</param>
    private static void AssertExact(ModelBuilder builder, Func<StoredMatrix, int[][]> vectorsOf, int channels = 1)
    {
        OnnxModel model = builder.Build();
        long[] sample = [.. model.Signature.Inputs[0].Shape!.Skip(1).Select(dimension => dimension.Value!.Value)];
        long[] one = [1, .. sample];
        TensorFacts facts = ShapeProbe.Observe(model, [SeededValues.FloatInput("x", one)], QuantizationTrial.Engine);
        PlacementPlan plan = PlacementPlanner.Plan(model.Graph, facts, NodeExclusion.None);
        var precision = new PrecisionPlan(
            plan, plan.Activations.ToDictionary(activation => activation.Value, activation => activation.Value == "x" ? Input : Output));
        WeightCodes codes = WeightQuantizer.Quantize(model.Graph, precision, LowBitSettings.EightBits);
        QuantizedModel quantized = QdqRewriter.Rewrite(model, precision, codes, StoragePlan.Unchanged, LowBitStorage.Nothing);

        PlannedNode planned = plan.Nodes.Single();
        QuantizedWeight weight = codes.Weights[planned.Weight!];
        int[][] vectors = vectorsOf(new StoredMatrix(weight.Codes.Values<sbyte>().ToArray(), (int)model.Graph.InitializerOf("w")!.Shape[0]));
        int[] bias = codes.Biases.GetValueOrDefault(0) ?? new int[vectors.Length];
        int depth = (int)sample.Aggregate(1L, (product, length) => product * length);
        int part = depth / channels;
        int[][] inputs = [.. vectors.SelectMany(vector => new[] { Worst(vector, 1), Worst(vector, -1) })];

        float[] x = [.. inputs.SelectMany(input => input).Select(code => (code - Input.ZeroPoint) * Input.Scale)];
        float[] y = Run(quantized.Image, [inputs.Length, .. sample], x);

        Assert.AreEqual(inputs.Length * vectors.Length, y.Length);
        for (int row = 0; row < inputs.Length; row++)
            for (int channel = 0; channel < vectors.Length; channel++)
            {
                int first = channels == 1 ? 0 : channel * part;
                long sum = bias[channel];
                for (int i = 0; i < vectors[channel].Length; i++)
                    sum += (long)(inputs[row][first + i] - Input.ZeroPoint) * vectors[channel][i];
                float scale = Input.Scale * weight.Scales[channel];
                double actual = y[(row * vectors.Length) + channel];
                if (planned.QuantizesOutput)
                    Assert.AreEqual(Code(sum * (double)scale), Code(actual), $"input {row}, channel {channel}: sum {sum}");
                else
                    Assert.AreEqual(sum, Math.Round(actual / scale), $"input {row}, channel {channel}");
            }

        // All inputs of the sign that the weights have at 255, the others at 0; a depthwise convolution sees it in every channel.
        int[] Worst(int[] vector, int sign) =>
            [.. Enumerable.Range(0, depth).Select(i => Math.Sign(vector[i % vector.Length]) == sign ? LargestCode : 0)];
    }

    private static double Code(double value) =>
        Math.Clamp(Math.Round(value / Output.Scale, MidpointRounding.ToEven) + Output.ZeroPoint, 0, LargestCode);

    private static float[] Run(ModelImage model, long[] shape, float[] values)
    {
        float[] result = [];
        using IInferenceSession session = QuantizationTrial.Engine.Open(model);
        session.Run([SeededValues.FloatInputOf("x", shape, values)], ["y"], (_, output) => result = output.Floats.ToArray());
        return result;
    }

    /// <summary>Codes of a weight whose first axis has so many entries.</summary>
    private sealed record StoredMatrix(sbyte[] Codes, int FirstAxis)
    {
        private int Inner => Codes.Length / FirstAxis;

        /// <summary>Output channels last.</summary>
        public int[][] Rows() => [.. Enumerable.Range(0, Inner).Select(Column)];

        /// <summary>Output channels first.</summary>
        public int[][] Columns() => [.. Codes.Select(code => (int)code).Chunk(Inner)];

        private int[] Column(int column) => [.. Enumerable.Range(0, FirstAxis).Select(row => (int)Codes[(row * Inner) + column])];
    }
}
