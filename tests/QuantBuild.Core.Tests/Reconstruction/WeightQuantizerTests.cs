using QuantBuild.Core.Tests.Placement;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Precision;
using QuantBuild.Reconstruction;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Reconstruction;

[TestClass]
public sealed class WeightQuantizerTests
{
    private const float InputScale = 0.5f;

    [TestMethod]
    [DataRow(0.5f, 0)]
    [DataRow(1.5f, 2)]
    [DataRow(-2.5f, -2)]
    [DataRow(2.6f, 3)]
    [DataRow(1e30f, 1 << 30)]
    [DataRow(-1e30f, -(1 << 30))]
    public void QuantizeBias_Value_RoundsHalfToEvenWithinTheGuard(float value, int code) =>
        CollectionAssert.AreEqual(
            new[] { code }, WeightQuantizer.QuantizeBias(OnnxTensor.Float([1], [value]), inputScale: 2, weightScales: [0.5f]));

    [TestMethod]
    public void QuantizeBias_Channels_EachHasItsScale()
    {
        OnnxTensor bias = OnnxTensor.Float([3], [1, 1, 1]);

        CollectionAssert.AreEqual(new[] { 8, 4, 2 }, WeightQuantizer.QuantizeBias(bias, InputScale, [0.25f, 0.5f, 1]));
        CollectionAssert.AreEqual(new[] { 2, 2, 2 }, WeightQuantizer.QuantizeBias(bias, InputScale, [1]));
    }

    [TestMethod]
    public void Quantize_TinyWeightsBesideALargeBias_KeepsTheBias()
    {
        const float Bias = 1000;
        WeightCodes codes = Quantize(
            Model().Floats("w", [2, 2], 1e-9f, 1, -1e-9f, 1).Floats("b", [2], Bias, Bias)
                .Node("Gemm", "x w b", "y"), out PrecisionPlan plan);

        float[] scales = codes.Weights[plan.Placement.Nodes[0].Weight!].Scales;
        for (int channel = 0; channel < 2; channel++)
            Assert.AreEqual(Bias, codes.Biases[0][channel] * (double)(InputScale * scales[channel]), Bias * 1e-4, $"channel {channel}");
        Assert.IsTrue(codes.Biases[0].All(code => code <= 1 << 30));
        Assert.IsTrue(scales[1] < 0.02f, "The other channel keeps its own scale.");
    }

    [TestMethod]
    public void Quantize_SharedWeight_HasTheSameCodesForBothReaders()
    {
        WeightCodes codes = Quantize(
            Model().Output("z").Weights("w", 2, 2).Weights("b", 2).Node("MatMul", "x w", "y")
                .Node("Gemm", "x w b", "z"), out PrecisionPlan plan);

        Assert.AreEqual(2, plan.Placement.Nodes.Count);
        Assert.AreSame(codes.Weights[plan.Placement.Nodes[0].Weight!], codes.Weights[plan.Placement.Nodes[1].Weight!]);
        CollectionAssert.AreEqual(new[] { 1 }, codes.Biases.Keys.ToArray());
    }

    [TestMethod]
    public void Quantize_OneWeightReadAlongBothAxes_HasCodesForEach()
    {
        WeightCodes codes = Quantize(
            Model().Output("z").Weights("w", 2, 2).Node("Gemm", "x w", "y")
                .Node("Gemm", "x w", "z", ("transB", 1)), out PrecisionPlan plan);

        Assert.AreNotSame(codes.Weights[plan.Placement.Nodes[0].Weight!], codes.Weights[plan.Placement.Nodes[1].Weight!]);
    }

    [TestMethod]
    public void Quantize_Conv_CodesLieWhereTheirWeightsDo()
    {
        OnnxTensor weight = SeededValues.Tensor("w", -1, 1, 6, 5, 3, 3);
        var planned = new PlannedWeight("w", 1, 0, ReductionOrder.ConvolutionChannelsLast);

        QuantizedWeight quantized = WeightQuantizer.Quantize(weight, planned, new float[6]);

        for (int i = 0; i < weight.Length; i++)
        {
            float scale = quantized.Scales[i / 45];
            // A projected code is at most half of the largest excess, 127 + 127 − 128, from its weight.
            Assert.AreEqual(weight.Floats[i], quantized.Codes.Values<sbyte>()[i] * scale, 64 * scale, $"{i}");
            Assert.IsTrue(quantized.Codes.Values<sbyte>()[i] == 0 || Math.Sign(weight.Floats[i]) == Math.Sign(quantized.Codes.Values<sbyte>()[i]), $"{i}");
        }
    }

    [TestMethod]
    [DataRow(0, DisplayName = "a scale per channel")]
    [DataRow(null, DisplayName = "one scale")]
    public void Quantize_Conv_NoPairInTheKernelsOrderCanSaturate(int? axis)
    {
        const int Outputs = 32, Inputs = 3, Spatial = 9;
        OnnxTensor weight = SeededValues.Tensor("pairs", -1, 1, Outputs, Inputs, 3, 3);

        QuantizedWeight quantized = WeightQuantizer.Quantize(
            weight, new PlannedWeight("w", 1, axis, ReductionOrder.ConvolutionChannelsLast), new float[axis is null ? 1 : Outputs]);

        Assert.HasCount(axis is null ? 1 : Outputs, quantized.Scales);
        for (int output = 0; output < Outputs; output++)
            for (int k = 0; k + 1 < Spatial * Inputs; k += 2)
                Assert.IsTrue(Math.Abs(255 * (Code(output, k) + Code(output, k + 1))) <= short.MaxValue, $"output {output}, pair {k}");

        int Code(int output, int k) => quantized.Codes.Values<sbyte>()[(((output * Inputs) + (k % Inputs)) * Spatial) + (k / Inputs)];
    }

    private static ModelBuilder Model() => new ModelBuilder().Input("x", "n,2").Output("y");

    private static WeightCodes Quantize(ModelBuilder builder, out PrecisionPlan precision)
    {
        OnnxGraph graph = builder.Build().Graph;
        PlacementPlan placement = PlacementPlanner.Plan(graph, PlacementTesting.Facts(graph), NodeExclusion.None);
        precision = new PrecisionPlan(
            placement,
            placement.Activations.ToDictionary(activation => activation.Value, _ => new QuantizationParameters(QuantizedType.UInt8, InputScale, 128)));
        return WeightQuantizer.Quantize(graph, precision, LowBitSettings.EightBits);
    }
}
