using QuantBuild.Data;

namespace QuantBuild.Core.Tests.Data;

[TestClass]
public sealed class SampleDrawTests
{
    [TestMethod]
    public void Of_SetSortedByClass_DrawsFromAllOverIt()
    {
        SampleSelection drawn = SampleSelection.Of(1000, 200, SamplePart.All, seed: 1);

        long[] perClass = [.. Enumerable.Range(0, 10).Select(@class => (long)Indices(drawn, 1000).Count(index => index / 100 == @class))];

        Assert.AreEqual(200L, perClass.Sum());
        Assert.IsTrue(perClass.All(count => count is >= 10 and <= 30), string.Join(' ', perClass));
    }

    [TestMethod]
    public void Of_Parts_AreApartAndWholeTogether()
    {
        foreach (long total in new long[] { 1, 3, 4, 13, 100 })
            foreach (long? limit in new long?[] { null, 0, 1, 10, 1000 })
            {
                long[] all = [.. Indices(SampleSelection.Of(total, limit, SamplePart.All, 5), total)];
                long[] kept = [.. Indices(SampleSelection.Of(total, limit, SamplePart.Kept, 5), total)];
                long[] heldOut = [.. Indices(SampleSelection.Of(total, limit, SamplePart.HeldOut, 5), total)];

                CollectionAssert.AreEqual(all, kept.Concat(heldOut).Order().ToArray());
                Assert.AreEqual(Math.Min(total, limit ?? total), all.Length);
                Assert.AreEqual(all.Length / 4, heldOut.Length);
                foreach (SamplePart part in Enum.GetValues<SamplePart>())
                    Assert.AreEqual(Indices(SampleSelection.Of(total, limit, part, 5), total).Count(), SampleSelection.Of(total, limit, part, 5).CountOf(total));
            }
    }

    [TestMethod]
    public void Of_SameSeed_SameSamplesOnEveryMachine() => CollectionAssert.AreEqual(
        new long[] { 4, 14, 15, 17, 19 }, Indices(SampleSelection.Of(20, 5, SamplePart.All, 42), 20).ToArray());

    [TestMethod]
    public void Of_OtherSeed_OtherSamples() => CollectionAssert.AreNotEqual(
        Indices(SampleSelection.Of(1000, 10, SamplePart.All, 1), 1000).ToArray(), Indices(SampleSelection.Of(1000, 10, SamplePart.All, 2), 1000).ToArray());

    [TestMethod]
    public void LimitFor_Drawn_LeavesTheFirstOfThem()
    {
        SampleSelection drawn = SampleSelection.Of(50, 20, SamplePart.Kept, 3);
        long[] all = [.. Indices(drawn, 50)];

        foreach (int count in new[] { 0, 1, 7, all.Length, 99 })
            CollectionAssert.AreEqual(all.Take(count).ToArray(), Indices(drawn with { Limit = drawn.LimitFor(count) }, 50).ToArray());
    }

    private static IEnumerable<long> Indices(SampleSelection selection, long total)
    {
        for (long index = 0; index < total; index++)
            if (selection.Includes(index))
                yield return index;
    }
}
