using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Reconstruction;
using QuantBuild.Rewriting;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Rewriting;

[TestClass]
public sealed class StoredWeightTests
{
    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(2)]
    public void Quantize_Axis_EveryEntryHasItsScaleAndIsHalfAStepOff(int axis)
    {
        OnnxTensor weight = SeededValues.Tensor("w", -3, 3, 4, 5, 6);
        int[] shape = [4, 5, 6];
        int inner = shape.Skip(axis + 1).Aggregate(1, (product, dimension) => product * dimension);

        QuantizedWeight stored = StoredWeight.Quantize(weight, new ChannelAxes(axis));

        Assert.AreEqual(shape[axis], stored.Scales.Length);
        for (int i = 0; i < weight.Length; i++)
        {
            float scale = stored.Scales[i / inner % shape[axis]];
            Assert.AreEqual(weight.Floats[i], stored.Codes.Values<sbyte>()[i] * scale, scale * 0.5001f, $"{i}");
        }
        for (int channel = 0; channel < shape[axis]; channel++)
            Assert.AreEqual(127, Enumerable.Range(0, (int)weight.Length).Where(i => i / inner % shape[axis] == channel)
                .Max(i => Math.Abs((int)stored.Codes.Values<sbyte>()[i])));
    }

    [TestMethod]
    public void Quantize_SubnormalChannel_HasAScaleThatDividesToFiniteCodes()
    {
        OnnxTensor weight = OnnxTensor.Float([1, 2], [float.Epsilon, -float.Epsilon]);

        CollectionAssert.AreEqual(new sbyte[] { 0, 0 }, StoredWeight.Quantize(weight, new ChannelAxes(0)).Codes.Values<sbyte>().ToArray());
    }

    [TestMethod]
    public void Decibels_Channels_MeanOfTheirNoiseShares()
    {
        // Codes are multiples of one; the first row is a quarter off in one place of three, the second exact, the third empty.
        OnnxTensor weight = OnnxTensor.Float([3, 3], [127, 0.25f, 0, 127, 1, 0, 0, 0, 0]);

        double share = 0.0625 / ((127 * 127) + 0.0625);

        double decibels = StoredWeight.Decibels(weight, StoredWeight.Quantize(weight, new ChannelAxes(0)), new ChannelAxes(0));

        Assert.AreEqual(-10 * Math.Log10(share / 2), decibels, 1e-9);
    }

    [TestMethod]
    public void Quantize_ChannelOfZeros_HasScaleOne()
    {
        QuantizedWeight stored = StoredWeight.Quantize(OnnxTensor.Float([2, 2], [0, 0, 127, -64]), new ChannelAxes(0));

        CollectionAssert.AreEqual(new[] { 1f, 1f }, stored.Scales);
        CollectionAssert.AreEqual(new sbyte[] { 0, 0, 127, -64 }, stored.Codes.Values<sbyte>().ToArray());
    }
}
