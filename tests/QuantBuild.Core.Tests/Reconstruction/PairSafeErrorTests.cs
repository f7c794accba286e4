using QuantBuild.Reconstruction;

namespace QuantBuild.Core.Tests.Reconstruction;

[TestClass]
public sealed class PairSafeErrorTests
{
    [TestMethod]
    [DataRow(7, true, false)]
    [DataRow(16, true, true)]
    [DataRow(75, true, true)]
    [DataRow(75, true, false)]
    [DataRow(75, false, true)]
    public void Of_AnyScale_GivesTheBitsAndCodesOfTheScalarForm(int length, bool pairs, bool weighted)
    {
        float[] weights = [.. Enumerable.Range(0, length).Select(i => MathF.Sin((i * i) + 1))];
        float[] importance = weighted ? [.. weights.Select(weight => 1 + (weight * weight))] : [];
        foreach (int levels in new[] { 64, 100, 127, 155 })
        {
            float scale = weights.Max(Math.Abs) / levels;
            var codes = new sbyte[length];
            var expected = new sbyte[length];

            double error = PairSafeError.Of(weights, importance, scale, pairs, codes);

            Assert.AreEqual(PairSafeError.OfScalar(weights, importance, scale, pairs, expected), error);
            CollectionAssert.AreEqual(expected, codes);
        }
    }
}
