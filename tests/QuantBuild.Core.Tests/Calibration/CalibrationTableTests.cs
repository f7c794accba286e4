using QuantBuild.Calibration;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Calibration;

[TestClass]
public sealed class CalibrationTableTests
{
    private const int Batches = 23;

    private static readonly string[] Names = ["a", "b", "c"];

    [TestMethod]
    public void Merge_ShardsInAnyOrder_SameBits()
    {
        CalibrationTable expected = TableOf(Enumerable.Range(0, Batches));
        var random = new Random(5);
        for (int trial = 0; trial < 20; trial++)
        {
            int shards = random.Next(1, 6);
            CalibrationTable[] parts = [.. Enumerable.Range(0, Batches).GroupBy(_ => random.Next(shards)).Select(shard => TableOf(Shuffled(shard, random)))];

            // A part of the parts first, as a tree of machines would.
            CalibrationTable actual = CalibrationTable.Merge([.. Shuffled(parts, random)]);
            if (parts.Length > 2)
                actual = CalibrationTable.Merge([CalibrationTable.Merge(parts[2..]), parts[1], parts[0]]);

            Assert.AreEqual(expected.SampleCount, actual.SampleCount);
            foreach (string name in Names)
                AssertSame(expected.Statistics[name], actual.Statistics[name], $"{name}, trial {trial}");
            Assert.AreSame(actual.Statistics["a"], actual.Statistics["tied to a"]);
            Assert.AreEqual("NaN", actual.NotFinite["c"]);
        }
    }

    [TestMethod]
    public void Merge_EightTimesTheBatches_HoldsNoMore()
    {
        float[] values = SeededValues.Floats("v", -3, 4, 2000);
        BoundedMemory.AssertPeakDoesNotGrow(100, 800, (count, probe) =>
        {
            CalibrationTable[] parts = [new CalibrationTable(Empty(), 0), new CalibrationTable(Empty(), 0)];
            for (int batch = 0; batch < count; batch++)
            {
                parts[batch % 2].Statistics["a"].Add(values, MovingRange.WeightOf(batch, count));
                probe();
            }
            Assert.AreEqual(2000L * count, CalibrationTable.Merge(parts).Activations["a"].Total);
        });
    }

    /// <summary>Values of very different sizes, so that sums of floats would depend on their order; c holds what is not finite.</summary>
    private static CalibrationTable TableOf(IEnumerable<int> batches)
    {
        Dictionary<string, TensorStatistics> statistics = Empty();
        int count = 0;
        foreach (int batch in batches)
        {
            long weight = MovingRange.WeightOf(batch, Batches);
            float size = MathF.Pow(10, (batch % 9) - 4);
            statistics["a"].Add(SeededValues.Floats($"a{batch}", -size, 2 * size, 100 + batch), weight);
            statistics["b"].Add(batch % 3 == 0 ? [] : SeededValues.Floats($"b{batch}", 0, size, 10), weight);
            statistics["c"].Add(batch == 4 ? [float.NaN] : batch == 9 ? [float.PositiveInfinity] : [batch], weight);
            count++;
        }
        return new CalibrationTable(statistics, count);
    }

    private static Dictionary<string, TensorStatistics> Empty()
    {
        var statistics = Names.ToDictionary(name => name, _ => new TensorStatistics());
        statistics.Add("tied to a", statistics["a"]);
        return statistics;
    }

    private static IEnumerable<T> Shuffled<T>(IEnumerable<T> items, Random random)
    {
        T[] shuffled = [.. items];
        random.Shuffle(shuffled);
        return shuffled;
    }

    private static void AssertSame(TensorStatistics expected, TensorStatistics actual, string what)
    {
        Assert.AreEqual(expected.NotFinite, actual.NotFinite, what);
        Assert.AreEqual(expected.MovingRange.Average, actual.MovingRange.Average, what);
        Assert.AreEqual(expected.Histogram.Total, actual.Histogram.Total, what);
        Assert.AreEqual((expected.Histogram.Minimum, expected.Histogram.Maximum), (actual.Histogram.Minimum, actual.Histogram.Maximum), what);
        Assert.AreEqual((expected.Histogram.Exponent, expected.Histogram.FirstBin), (actual.Histogram.Exponent, actual.Histogram.FirstBin), what);
        CollectionAssert.AreEqual(expected.Histogram.Counts.ToArray(), actual.Histogram.Counts.ToArray(), what);
    }
}
