using QuantBuild.Data;

namespace QuantBuild.Core.Tests.Data;

[TestClass]
public sealed class SampleSelectionTests
{
    /// <summary>Beyond two rounds of holding out, with room for every remainder.</summary>
    private const int LargestTotal = 2 * SampleSelection.HoldOutEvery * 3;

    [TestMethod]
    public void CountOf_EveryPartLimitAndTotal_IsWhatAnEnumerationCounts()
    {
        foreach (SamplePart part in Enum.GetValues<SamplePart>())
            foreach (long? limit in Limits())
                for (long total = 0; total <= LargestTotal; total++)
                {
                    SampleSelection selection = new(limit, part);
                    long expected = Indices(total).Count(selection.Includes);
                    Assert.AreEqual(expected, selection.CountOf(total), $"{selection} of {total}");
                }
    }

    [TestMethod]
    public void Includes_KeptAndHeldOut_PartTheSamplesBelowTheLimit()
    {
        foreach (long? limit in Limits())
            foreach (long index in Indices(LargestTotal))
            {
                bool kept = new SampleSelection(limit, SamplePart.Kept).Includes(index);
                bool heldOut = new SampleSelection(limit, SamplePart.HeldOut).Includes(index);

                Assert.IsFalse(kept && heldOut, $"sample {index}");
                Assert.AreEqual(limit is null || index < limit, kept || heldOut, $"sample {index}, limit {limit}");
            }
    }

    [TestMethod]
    public void Includes_HeldOut_EveryFourth() => CollectionAssert.AreEqual(
        new long[] { 3, 7, 11 }, Indices(13).Where(new SampleSelection(null, SamplePart.HeldOut).Includes).ToArray());

    [TestMethod]
    public void Includes_OtherLimit_SameSamplesBelowBoth()
    {
        // Fewer samples must not change which of them are held out.
        SampleSelection few = new(9, SamplePart.HeldOut);
        SampleSelection many = new(20, SamplePart.HeldOut);

        Assert.IsTrue(Indices(9).All(index => few.Includes(index) == many.Includes(index)));
    }

    private static IEnumerable<long?> Limits() => [null, .. Indices(LargestTotal + 2).Select(limit => (long?)limit)];

    private static IEnumerable<long> Indices(long count) => Enumerable.Range(0, (int)count).Select(index => (long)index);
}
