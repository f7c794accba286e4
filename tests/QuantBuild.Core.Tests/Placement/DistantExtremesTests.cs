using QuantBuild.Core.Tests.Precision;
using QuantBuild.Numerics;
using QuantBuild.Placement;

namespace QuantBuild.Core.Tests.Placement;

[TestClass]
public sealed class DistantExtremesTests
{
    public static IEnumerable<object[]> Ordinary => Distribution.All().Select(distribution => new object[] { distribution });

    [TestMethod]
    [DataRow(-1e9f)]
    [DataRow(-1e4f)]
    [DataRow(float.MinValue)]
    [DataRow(3e4f)]
    public void AreIn_ScoresUnderAMask_True(float mask) => Assert.IsTrue(DistantExtremes.AreIn(Seen([.. Enumerable.Range(-50, 100).Select(i => i / 16f), mask])));

    [TestMethod]
    public void AreIn_AllOthersOnTheOtherSide_True() => Assert.IsTrue(DistantExtremes.AreIn(Seen([0.5f, 3, 10, -1e9f])));

    [TestMethod]
    [DataRow(new[] { 0f, 1f })]
    [DataRow(new[] { 0f, -1e9f })]
    [DataRow(new[] { -1f, 1f })]
    [DataRow(new[] { 0f })]
    [DataRow(new[] { -10f, 10f, -1e9f, -1e6f }, DisplayName = "something between")]
    [DataRow(new[] { -10f, 10f, -900f }, DisplayName = "a range can be found")]
    public void AreIn_OtherValues_False(float[] values) => Assert.IsFalse(DistantExtremes.AreIn(Seen(values)));

    [TestMethod]
    [DynamicData(nameof(Ordinary))]
    public void AreIn_ValuesAsActivationsHaveThem_False(object distribution) =>
        Assert.IsFalse(DistantExtremes.AreIn(((Distribution)distribution).Histogram()));

    private static StreamingHistogram Seen(float[] values)
    {
        var histogram = new StreamingHistogram();
        histogram.Add(values);
        return histogram;
    }
}
