using QuantBuild.Calibration;
using QuantBuild.Diagnostics;
using QuantBuild.Inspection;

namespace QuantBuild.Core.Tests.Inspection;

[TestClass]
public sealed class RangeDriftTests
{
    private const int Batches = 32;

    private static readonly DiagnosticOrigin Origin = new("model.onnx");

    /// <summary>Sizes of samples spread by a factor of ten, as those of loud and quiet sounds.</summary>
    [TestMethod]
    public void Judge_SamplesFromOneDistribution_SaysNothing()
    {
        foreach (int seed in Enumerable.Range(0, 25))
            Assert.IsEmpty(Judge(Table(seed, 256, spread: 0.6, lastQuarter: _ => 1)), $"seed {seed}");
        foreach (int seed in Enumerable.Range(0, 25))
            Assert.IsEmpty(Judge(Table(seed, 128, spread: 0.3, lastQuarter: _ => 1)), $"seed {seed}");
    }

    [TestMethod]
    public void Judge_LastQuarterTwiceAsLarge_QB4027()
    {
        Diagnostic warning = Judge(Table(1, 256, spread: 0.3, lastQuarter: activation => activation == 0 ? 1 : 2)).Single();

        Assert.AreEqual(DiagnosticCatalogue.RangesStillGrow, warning.Descriptor);
        StringAssert.Contains(warning.Message, "3 of 4 activations have ranges that grew by more than 25 % in the last quarter of the 256");
        Assert.AreEqual("CalibrationData", warning.Origin!.Setting);
    }

    [TestMethod]
    public void Judge_FewerThanHalfGrow_OrSamplesGetSmaller_SaysNothing()
    {
        Assert.IsEmpty(Judge(Table(1, 256, spread: 0.3, lastQuarter: activation => activation < 2 ? 3 : 1)));
        Assert.IsEmpty(Judge(Table(1, 256, spread: 0.3, lastQuarter: _ => 0.2)));
    }

    [TestMethod]
    public void Judge_FewSamples_IsLeftToAnotherWarning() =>
        Assert.IsEmpty(Judge(Table(1, 64, spread: 0.3, lastQuarter: _ => 4)));

    private static Diagnostic[] Judge(CalibrationTable table) => [.. RangeDrift.Judge(table, "data.npz", Origin)];

    /// <summary>Four activations, all of which follow the size of the sample.</summary>
    /// <param name="spread">Standard deviation of the logarithm of sizes.</param>
    private static CalibrationTable Table(int seed, int samples, double spread, Func<int, double> lastQuarter)
    {
        var random = new Random(seed);
        TensorStatistics[] statistics = [.. Enumerable.Range(0, 4).Select(_ => new TensorStatistics())];
        for (int batch = 0; batch < Batches; batch++)
        {
            double[] sizes = [.. Enumerable.Range(0, samples / Batches).Select(_ => Math.Exp(spread * Normal(random)))];
            for (int activation = 0; activation < statistics.Length; activation++)
            {
                double factor = batch >= ValueBulk.EarlierBatches(Batches) ? lastQuarter(activation) : 1;
                statistics[activation].Add(
                    [.. sizes.SelectMany(size => Enumerable.Range(0, 50).Select(_ => (float)(factor * size * Math.Abs(Normal(random)))))],
                    MovingRange.WeightOf(batch, Batches));
                if (batch + 1 == ValueBulk.EarlierBatches(Batches))
                    statistics[activation].KeepBulk();
            }
        }
        return new CalibrationTable(statistics.Select((one, i) => (one, i)).ToDictionary(pair => $"value {pair.i}", pair => pair.one), samples);
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
