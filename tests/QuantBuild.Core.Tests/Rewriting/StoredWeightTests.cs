using QuantBuild.Onnx;
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

        QuantizedWeight stored = StoredWeight.Quantize(weight, axis);

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
    public void Quantize_ChannelOfZeros_HasScaleOne()
    {
        QuantizedWeight stored = StoredWeight.Quantize(OnnxTensor.Float([2, 2], [0, 0, 127, -64]), axis: 0);

        CollectionAssert.AreEqual(new[] { 1f, 1f }, stored.Scales);
        CollectionAssert.AreEqual(new sbyte[] { 0, 0, 127, -64 }, stored.Codes.Values<sbyte>().ToArray());
    }
}
