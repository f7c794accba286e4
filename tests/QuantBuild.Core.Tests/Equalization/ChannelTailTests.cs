using QuantBuild.Equalization;

namespace QuantBuild.Core.Tests.Equalization;

[TestClass]
public sealed class ChannelTailTests
{
    private static readonly float[] Values = [-3, -1, 0, 0.5f, 2, 4, 9];

    [TestMethod]
    [DataRow(-3f)]
    [DataRow(-1.5f)]
    [DataRow(0f)]
    [DataRow(4.5f)]
    [DataRow(9f)]
    public void AboveAndBelow_AtEdgesOfBins_AreTheMeanSquares(float bound)
    {
        ChannelTail tail = Tail(Values);

        Assert.AreEqual(Values.Average(value => Math.Pow(Math.Max(0, value - bound), 2)), tail.Above(bound), 1e-9);
        Assert.AreEqual(Values.Average(value => Math.Pow(Math.Max(0, bound - value), 2)), tail.Below(bound), 1e-9);
    }

    [TestMethod]
    public void Above_BeyondTheLargestValue_IsZero() => Assert.AreEqual(0, Tail(Values).Above(20));

    [TestMethod]
    public void Below_BeyondTheSmallestValue_IsZero() => Assert.AreEqual(0, Tail(Values).Below(-20));

    [TestMethod]
    public void Above_OneValueOnly_IsItsDistance() => Assert.AreEqual(0, Tail([7, 7]).Above(7));

    private static ChannelTail Tail(float[] values)
    {
        var tail = new ChannelTail(values.Min(), values.Max());
        foreach (float value in values)
            tail.Add(value);
        tail.Complete();
        return tail;
    }
}
