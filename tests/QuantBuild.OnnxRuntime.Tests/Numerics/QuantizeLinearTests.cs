using System.Runtime.InteropServices;
using QuantBuild.Execution;
using QuantBuild.Numerics;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Numerics;

/// <summary>Our kernels and the runtime's QuantizeLinear and DequantizeLinear give the same bits.</summary>
[TestClass]
public sealed class QuantizeLinearTests
{
    private static readonly OnnxRuntimeEngine Engine = new();

    [TestMethod]
    [DataRow(1f, 0)]
    [DataRow(0.5f, 3)]
    [DataRow(1f / 3f, 128)]
    [DataRow(2f / 255f, 255)]
    [DataRow(1e-30f, 7)]
    [DataRow(1e30f, 1)]
    public void QuantizeToUInt8_SameBitsAsTheRuntime(float scale, int zeroPoint)
    {
        float[] values = Values(scale);
        var expected = new byte[values.Length];

        QuantizeKernel.QuantizeToUInt8(values, expected, scale, zeroPoint, CodeRange.UInt8);

        CollectionAssert.AreEqual(expected, Quantize(values, scale, OnnxTensor.Create<byte>(OnnxElementType.UInt8, [], [(byte)zeroPoint])));
    }

    [TestMethod]
    [DataRow(1f, 0)]
    [DataRow(0.1f, -128)]
    [DataRow(1f / 3f, 127)]
    public void QuantizeToInt8_SameBitsAsTheRuntime(float scale, int zeroPoint)
    {
        float[] values = Values(scale);
        var expected = new sbyte[values.Length];

        QuantizeKernel.QuantizeToInt8(values, expected, scale, zeroPoint, CodeRange.Int8);

        byte[] actual = Quantize(values, scale, OnnxTensor.Create<sbyte>(OnnxElementType.Int8, [], [(sbyte)zeroPoint]));
        CollectionAssert.AreEqual(MemoryMarshal.AsBytes<sbyte>(expected).ToArray(), actual);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(2)]
    public void QuantizeAndDequantizeChannels_SameBitsAsTheRuntime(int axis)
    {
        long[] shape = [3, 5, 7];
        float[] values = SeededValues.Floats("channels", -9, 9, 105);
        float[] scales = SeededValues.Floats("scales", 0.01f, 0.1f, shape[axis]);
        ChannelLayout layout = ChannelLayout.Of(shape, axis);
        var codes = new sbyte[105];
        var restored = new float[105];

        QuantizeKernel.QuantizeChannelsToInt8(values, codes, scales, CodeRange.Int8, layout);
        DequantizeKernel.DequantizeChannelsFromInt8(codes, restored, scales, layout);

        ModelBuilder quantize = new ModelBuilder(13).Input("x", "3,5,7").Floats("s", [shape[axis]], scales)
            .Initializer("z", OnnxTensor.Create<sbyte>(OnnxElementType.Int8, [shape[axis]], new sbyte[shape[axis]]))
            .Node("QuantizeLinear", "x s z", "y", ("axis", axis)).Output("y", null, OnnxElementType.Int8);
        ModelBuilder dequantize = new ModelBuilder(13).Input("x", "3,5,7", OnnxElementType.Int8).Floats("s", [shape[axis]], scales)
            .Node("DequantizeLinear", "x s", "y", ("axis", axis)).Output("y");
        CollectionAssert.AreEqual(MemoryMarshal.AsBytes<sbyte>(codes)
            .ToArray(), Run(quantize, SeededValues.FloatInputOf("x", shape, values)));
        AssertSameBits(restored, Run(dequantize, new InputTensor("x", OnnxElementType.Int8, shape, MemoryMarshal.AsBytes<sbyte>(codes).ToArray())));
    }

    [TestMethod]
    [DataRow(1f, 0)]
    [DataRow(0.1f, 128)]
    [DataRow(1f / 3f, 255)]
    [DataRow(1e-38f, 9)]
    public void DequantizeFromUInt8_SameBitsAsTheRuntime(float scale, int zeroPoint)
    {
        byte[] codes = [.. Enumerable.Range(0, 256).Select(code => (byte)code)];
        var expected = new float[codes.Length];

        DequantizeKernel.DequantizeFromUInt8(codes, expected, scale, zeroPoint);

        ModelBuilder model = new ModelBuilder(13).Input("x", "256", OnnxElementType.UInt8).Initializer("s", OnnxTensor.Scalar(scale))
            .Initializer("z", OnnxTensor.Create<byte>(OnnxElementType.UInt8, [], [(byte)zeroPoint]))
            .Node("DequantizeLinear", "x s z", "y").Output("y");
        AssertSameBits(expected, Run(model, new InputTensor("x", OnnxElementType.UInt8, [256], codes)));
    }

    [TestMethod]
    public void DequantizeFromInt32_SameBitsAsTheRuntime()
    {
        int[] codes = [0, 1, -1, 16777217, -16777219, 1 << 30, -(1 << 30), int.MaxValue, int.MinValue];
        float[] scales = SeededValues.Floats("bias scales", 1e-6f, 1e-3f, codes.Length);
        var expected = new float[codes.Length];

        DequantizeKernel.DequantizeFromInt32(codes, expected, scales);

        ModelBuilder model = new ModelBuilder(13).Input("x", "9", OnnxElementType.Int32).Floats("s", [9], scales)
            .Node("DequantizeLinear", "x s", "y", ("axis", 0)).Output("y");
        AssertSameBits(expected, Run(model, new InputTensor("x", OnnxElementType.Int32, [9], MemoryMarshal.AsBytes<int>(codes).ToArray())));
    }

    /// <summary>Ties and their neighbours, both ends, what is not finite, and values between; an odd number of them, for the tails.</summary>
    private static float[] Values(float scale)
    {
        var values = new List<float>();
        for (float code = -260; code <= 260; code += 0.5f)
            values.AddRange([code * scale, MathF.BitIncrement(code * scale), MathF.BitDecrement(code * scale)]);
        values.AddRange([-0f, float.Epsilon, float.MaxValue, float.MinValue, float.PositiveInfinity, float.NegativeInfinity, float.NaN]);
        values.AddRange(SeededValues.Floats("values", -300, 300, 1000).Select(value => value * scale));
        values.AddRange([float.NaN, 1, -1]);
        return [.. values];
    }

    private static byte[] Quantize(float[] values, float scale, OnnxTensor zeroPoint) => Run(
        new ModelBuilder(13).Input("x", "n").Initializer("s", OnnxTensor.Scalar(scale)).Initializer("z", zeroPoint)
            .Node("QuantizeLinear", "x s z", "y").Output("y", null, zeroPoint.ElementType),
        SeededValues.FloatInputOf("x", [values.Length], values));

    private static byte[] Run(ModelBuilder model, InputTensor input)
    {
        byte[] result = [];
        using IInferenceSession session = Engine.Open(model.ToBytes());
        session.Run([input], ["y"], (_, output) => result = output.Bytes.ToArray());
        return result;
    }

    private static void AssertSameBits(float[] expected, byte[] actual) =>
        CollectionAssert.AreEqual(MemoryMarshal.AsBytes<float>(expected).ToArray(), actual);
}
