using QuantBuild.Evaluation;
using QuantBuild.Numerics;

namespace QuantBuild.Core.Tests.Evaluation;

[TestClass]
public sealed class SampleMetricsTests
{
    private const double Rounding = 1e-12;

    [TestMethod]
    [DataRow(new[] { 1f, 3f, 2f }, 1)]
    [DataRow(new[] { 3f, 3f, 2f }, 0, DisplayName = "the first of equals")]
    [DataRow(new[] { -0f, 0f }, 0, DisplayName = "zeros are equal")]
    [DataRow(new[] { float.NaN, 1f, 2f }, 2, DisplayName = "NaN first")]
    [DataRow(new[] { 2f, float.NaN, 1f }, 0, DisplayName = "NaN later")]
    [DataRow(new[] { float.NaN, float.NaN }, -1, DisplayName = "nothing but NaN")]
    [DataRow(new[] { float.NegativeInfinity, float.NegativeInfinity }, 0, DisplayName = "all masked")]
    [DataRow(new[] { 1f, float.PositiveInfinity }, 1)]
    [DataRow(new[] { 5f }, 0)]
    public void IndexOfLargest_Cases_AreDecided(float[] values, int expected) => Assert.AreEqual(expected, SampleMetrics.IndexOfLargest(values));

    [TestMethod]
    [DataRow(new[] { 1f, 2f, 3f }, new[] { 2f, 4f, 6f }, 1, DisplayName = "same direction")]
    [DataRow(new[] { 1f, 2f }, new[] { -1f, -2f }, -1, DisplayName = "opposite")]
    [DataRow(new[] { 1f, 0f }, new[] { 0f, 1f }, 0, DisplayName = "right angle")]
    [DataRow(new[] { 3f, 4f }, new[] { 4f, 3f }, 0.96)]
    [DataRow(new[] { 0f, 0f }, new[] { 0f, 0f }, 1, DisplayName = "both zero")]
    [DataRow(new[] { 0f, 0f }, new[] { 0f, 1f }, 0, DisplayName = "reference zero")]
    [DataRow(new[] { 0f, 1f }, new[] { 0f, 0f }, 0, DisplayName = "other zero")]
    [DataRow(new float[0], new float[0], 1, DisplayName = "empty")]
    [DataRow(new[] { 1f, 2f }, new[] { 1f }, 0, DisplayName = "other length")]
    [DataRow(new[] { 1f, 2f }, new[] { 1f, float.NaN }, 0, DisplayName = "NaN in the other")]
    [DataRow(new[] { 1f, 2f }, new[] { 1f, float.PositiveInfinity }, 0, DisplayName = "infinity in the other")]
    [DataRow(new[] { 1f, float.NegativeInfinity }, new[] { 2f, float.NegativeInfinity }, 1, DisplayName = "both masked alike")]
    [DataRow(new[] { 1f, float.NegativeInfinity }, new[] { 2f, float.PositiveInfinity }, 0, DisplayName = "masked differently")]
    [DataRow(new[] { float.MaxValue, float.MaxValue }, new[] { float.MaxValue, float.MaxValue }, 1, DisplayName = "largest")]
    [DataRow(new[] { float.Epsilon, 0f }, new[] { float.Epsilon, 0f }, 1, DisplayName = "smallest")]
    public void CosineSimilarity_Cases_AreDecided(float[] reference, float[] other, double expected) =>
        Assert.AreEqual(expected, SampleMetrics.CosineSimilarity(reference, other), Rounding);

    [TestMethod]
    public void SquaredError_OtherLength_EverythingIsLost()
    {
        SquaredSums sums = SampleMetrics.SquaredError([3, 4], [3]);

        Assert.AreEqual(new SquaredSums(25, 25), sums);
    }
}
