using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Reconstruction;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Rewriting;

[TestClass]
public sealed class DynamicProductTests
{
    private const int Depth = 130;
    private const int Width = 129;

    [TestMethod]
    [DataRow("n,130", new long[] { 3, Depth })]
    [DataRow("n,s,130", new long[] { 2, 3, Depth })]
    [DataRow("130", new long[] { Depth })]
    [DataRow(null, new long[] { 1, 2, 3, Depth })]
    public void MatMul_EveryRankOfInput_EqualsTheArithmeticOfTheCodes(string? shape, long[] sample) =>
        AssertExact(Model(shape).Node("MatMul", "x w", "y"), sample, bias: 0, transposed: false);

    [TestMethod]
    public void MatMulAndAdd_EqualsTheArithmeticOfTheCodes() =>
        AssertExact(Model("n,130").Node("MatMul", "x w", "m").Node("Add", "m b", "y"), [4, Depth], bias: 1, transposed: false);

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public void Gemm_EqualsTheArithmeticOfTheCodes(int transB) =>
        AssertExact(Model("n,130", transB == 1).Node("Gemm", "x w b", "y", ("transB", transB)), [4, Depth], bias: 1, transposed: transB == 1);

    [TestMethod]
    public void Products_OfOneValue_ShareItsCodes()
    {
        DynamicTrial trial = DynamicTrial.Of(
            Model("n,130").Weights("v", Depth, Width).Node("MatMul", "x w", "m").Node("MatMul", "x v", "k").Node("Add", "m k", "y")).AssertFuses(2);

        Assert.AreEqual(1, trial.Operators().Count(name => name == "DynamicQuantizeLinear"));
    }

    [TestMethod]
    public void MatMul_ReluBehindItAndInABody_Fuse()
    {
        GraphBuilder body = new GraphBuilder().Initializer("v", SeededValues.Tensor("v", -1, 1, Depth, Width)).Initializer("c", SeededValues.Tensor("c", -1, 1, Width))
            .Node("MatMul", "x v", "k").Node("Add", "k c", "s").Node("Relu", "s", "r").Output("r");
        GraphBuilder other = new GraphBuilder().Node("MatMul", "x w", "o").Output("o");
        DynamicTrial trial = DynamicTrial.Of(
            Model("n,130").Input("p", "", OnnxElementType.Bool).Node("If", "p", "i", ("then_branch", body), ("else_branch", other)).Node("MatMul", "x w", "m")
                .Node("Add", "m i", "y")).AssertFuses(3);

        Assert.IsTrue(trial.Decibels(Input([5, Depth]), new InputTensor("p", OnnxElementType.Bool, [], new byte[] { 1 })) > 30);
    }

    [TestMethod]
    public void MatMul_WholeGraph_IsNearTheFloatModel() =>
        Assert.IsTrue(DynamicTrial.Of(Model("n,130").Node("MatMul", "x w", "m").Node("Add", "m b", "y")).AssertFuses(1).Decibels(Input([16, Depth])) > 35);

    private static ModelBuilder Model(string? shape, bool transposed = false) => new ModelBuilder().Input("x", shape).Output("y")
        .Weights("w", transposed ? [Width, Depth] : [Depth, Width]).Weights("b", Width);

    private static InputTensor Input(long[] shape) => SeededValues.FloatInput("x", shape);

    /// <summary>The codes of x over its own range, summed in 64 bits, are what the kernel gives.</summary>
    private static void AssertExact(ModelBuilder model, long[] sample, float bias, bool transposed)
    {
        DynamicTrial trial = DynamicTrial.Of(model).AssertFuses(1);
        InputTensor input = Input(sample);
        float[] x = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(input.Bytes.Span).ToArray();
        float[] b = SeededValues.Floats("b", -1, 1, Width);
        QuantizedWeight weight = trial.Codes.Dynamic[0][0];

        float low = Math.Min(x.Min(), 0);
        float scale = (Math.Max(x.Max(), 0) - low) / 255;
        float zero = MathF.Round(-low / scale, MidpointRounding.ToEven);
        int[] codes = [.. x.Select(value => (int)(Math.Clamp(MathF.Round(value / scale, MidpointRounding.ToEven) + zero, 0, 255) - zero))];

        float[] y = trial.RunQuantized(input);
        Assert.AreEqual(x.Length / Depth * Width, y.Length);
        for (int i = 0; i < y.Length; i++)
        {
            long sum = 0;
            for (int k = 0; k < Depth; k++)
                sum += codes[(i / Width * Depth) + k] * weight.Codes.Values<sbyte>()[transposed ? (i % Width * Depth) + k : (k * Width) + (i % Width)];
            double unit = (double)scale * weight.Scales[i % Width];
            Assert.AreEqual(sum, Math.Round((y[i] - (bias * b[i % Width])) / unit), $"{i}");
        }
    }
}
