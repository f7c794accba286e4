using QuantBuild.Onnx;
using QuantBuild.Rewriting;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Rewriting;

[TestClass]
public sealed class HalfPrecisionTests
{
    [TestMethod]
    [DataRow(new[] { 0f, 1f, -65504f }, null)]
    [DataRow(new[] { 1f, 65520f }, "values beyond the range of float16")]
    [DataRow(new[] { 1f, float.MinValue }, "values beyond the range of float16")]
    [DataRow(new[] { 1f, 1e-5f }, "values too small for float16", DisplayName = "below the smallest normal number")]
    [DataRow(new[] { 1f, 1e-9f }, "values too small for float16", DisplayName = "becomes zero")]
    [DataRow(new[] { 1f, 0.000030517578125f }, null, DisplayName = "small and exact")]
    public void WhyNot_EveryValueCounts(float[] values, string? reason) => Assert.AreEqual(reason, HalfPrecision.WhyNot(values, summed: false));

    [TestMethod]
    [DataRow(new[] { 1f, 1e-9f }, null)]
    [DataRow(new[] { 1e-7f, -3e-7f }, "values too small for float16")]
    [DataRow(new[] { 1f, 1e6f }, "values beyond the range of float16")]
    [DataRow(new[] { 0f, 0f }, null)]
    public void WhyNot_Summed_TheSumCounts(float[] values, string? reason) => Assert.AreEqual(reason, HalfPrecision.WhyNot(values, summed: true));

    [TestMethod]
    public void Round_EveryValue_IsTheNearestHalf()
    {
        OnnxTensor rounded = HalfPrecision.Round(SeededValues.Tensor("w", -1, 1, 3, 5));

        CollectionAssert.AreEqual(new long[] { 3, 5 }, rounded.Shape.ToArray());
        CollectionAssert.AreEqual(SeededValues.Floats("w", -1, 1, 15).Select(value => (Half)value).ToArray(), rounded.Values<Half>().ToArray());
    }
}
