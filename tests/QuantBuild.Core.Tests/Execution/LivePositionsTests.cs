using QuantBuild.Execution;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Execution;

[TestClass]
public sealed class LivePositionsTests
{
    [TestMethod]
    public void Of_PaddingOnEitherSideAndBetween_RunsOfTheRest()
    {
        LivePositions live = Of([3, 4], 1, 1, 0, 0, 0, 1, 1, 1, 1, 0, 1, 0);

        CollectionAssert.AreEqual(new[] { (0, 2), (5, 4), (10, 1) }, live.Runs.ToArray());
        Assert.AreEqual("0 1 5 6 7 8 10", string.Join(' ', Enumerable.Range(0, live.Count).Select(i => live[i])));
        Assert.AreEqual("2 3 4 9 11", string.Join(' ', live.TakenOut()));
        Assert.AreEqual("1 7 10", string.Join(' ', live.LastOfEachSample()));
        Assert.AreEqual(12, live.Total);
    }

    [TestMethod]
    public void Of_SampleWithoutAnyPosition_KeepsAllOfThem()
    {
        LivePositions live = Of([2, 3], 0, 0, 0, 1, 0, 0);

        CollectionAssert.AreEqual(new[] { (0, 4) }, live.Runs.ToArray());
    }

    [TestMethod]
    [DataRow(new long[] { 2, 3 }, true)]
    [DataRow(new long[] { 2, 3, 8 }, true)]
    [DataRow(new long[] { 2 }, false)]
    [DataRow(new long[] { 3, 2 }, false)]
    [DataRow(new long[] { 2, 4, 3 }, false)]
    public void HasRowsIn_Shape_TrueForItsFirstDimensions(long[] shape, bool expected) =>
        Assert.AreEqual(expected, Of([2, 3], 1, 1, 1, 1, 1, 0).HasRowsIn(shape));

    private static LivePositions Of(long[] shape, params long[] mask) => LivePositions.Of(SeededValues.Int64Input("kept", shape, mask));
}
