using QuantBuild.Inspection;

namespace QuantBuild.Core.Tests.Inspection;

[TestClass]
public sealed class ClassBalanceTests
{
    [TestMethod]
    public void Describe_MissingAndRareClasses_AreNamedWithTheirNumbers() => Assert.AreEqual(
        "2 of 4 classes have less than a tenth of an even share of the 400 samples, which is 100: 2 (none), 3 (9)",
        ClassBalance.Describe(new Dictionary<long, long> { [0] = 200, [1] = 191, [3] = 9 }, 4));

    [TestMethod]
    public void Describe_ManyRareClasses_FiveAreNamed() =>
        StringAssert.EndsWith(ClassBalance.Describe(new Dictionary<long, long> { [0] = 1000 }, 10), "1 (none), 2 (none), 3 (none), 4 (none), 5 (none), …");

    [TestMethod]
    public void Describe_DrawnAtRandom_SaysNothing()
    {
        foreach (int seed in Enumerable.Range(0, 20))
        {
            var random = new Random(seed);
            var counts = Enumerable.Range(0, 260).GroupBy(_ => (long)random.Next(10)).ToDictionary(one => one.Key, one => one.LongCount());
            Assert.IsNull(ClassBalance.Describe(counts, 10), $"seed {seed}");
        }
    }

    [TestMethod]
    public void Describe_TooFewSamplesToTellOrOneUnusedPlace_SaysNothing()
    {
        Assert.IsNull(ClassBalance.Describe(new Dictionary<long, long> { [0] = 15, [1] = 15 }, 10));
        Assert.IsNull(ClassBalance.Describe(Enumerable.Range(1, 1000).ToDictionary(label => (long)label, _ => 50L), 1001));
    }
}
