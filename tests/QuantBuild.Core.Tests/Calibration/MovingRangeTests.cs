using QuantBuild.Calibration;
using QuantBuild.Numerics;

namespace QuantBuild.Core.Tests.Calibration;

[TestClass]
public sealed class MovingRangeTests
{
    /// <summary>Weights are rounded to 2^−40, the average to float.</summary>
    private const double Rounding = 1e-6;

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(33)]
    [DataRow(1000)]
    [DataRow(20_000)]
    public void Average_AnyNumberOfBatches_IsThatOfTheRecurrence(int count)
    {
        var random = new Random(count);
        var moving = new MovingRange();
        double low = 0;
        double high = 0;
        for (int t = 0; t < count; t++)
        {
            var range = new FloatRange(-(float)random.NextDouble() - t, 5 + (float)random.NextDouble(), HasNaN: false);
            low = t == 0 ? range.Minimum : low + (0.01 * (range.Minimum - low));
            high = t == 0 ? range.Maximum : high + (0.01 * (range.Maximum - high));
            moving.Add(range, MovingRange.WeightOf(t, count));
        }

        Assert.AreEqual(low, moving.Average.Minimum, -low * Rounding);
        Assert.AreEqual(high, moving.Average.Maximum, high * Rounding);
    }

    [TestMethod]
    [DataRow(float.MaxValue)]
    [DataRow(-float.MaxValue)]
    [DataRow(float.Epsilon)]
    [DataRow(0.1f)]
    public void Average_OfEqualRanges_IsExactlyThat(float value)
    {
        var moving = new MovingRange();
        for (int t = 0; t < 50; t++)
            moving.Add(new FloatRange(value, value, HasNaN: false), MovingRange.WeightOf(t, 50));

        Assert.AreEqual(new FloatRange(value, value, HasNaN: false), moving.Average);
    }

    [TestMethod]
    public void Average_ValuesInTheFirstBatchesAlone_IsTheirs()
    {
        var moving = new MovingRange();
        moving.Add(new FloatRange(-1, 2, HasNaN: false), MovingRange.WeightOf(0, 1_000_000));

        Assert.AreEqual(new FloatRange(-1, 2, HasNaN: false), moving.Average);
    }

    [TestMethod]
    public void Average_Nothing_IsEmpty() => Assert.IsTrue(new MovingRange().Average.IsEmpty);
}
