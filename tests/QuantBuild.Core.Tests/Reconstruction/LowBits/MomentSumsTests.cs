using QuantBuild.Reconstruction;
using QuantBuild.Reconstruction.LowBits;

namespace QuantBuild.Core.Tests.Reconstruction.LowBits;

[TestClass]
public sealed class MomentSumsTests
{
    private const int Rows = 1100;

    private const int Columns = 40;

    /// <summary>Twelve bits of the largest of some hundred values of a normal distribution, summed over as many rows.</summary>
    private const double RoundingOfRows = 1e-3;

    [TestMethod]
    [DataRow(1, false)]
    [DataRow(1, true)]
    [DataRow(4, false)]
    [DataRow(4, true)]
    public void ToGrams_OutlierColumns_AreTheMeansOfProducts(int groups, bool centered)
    {
        float[] rows = [.. LowBitCases.Rows(Rows, Columns).Select((value, i) => value * (i % 7 == 2 ? 500 : 1) + 3)];
        float[] stream = [.. rows.Zip(LowBitCases.Normal("stream", rows.Length), (value, noise) => (0.9f * value) + (0.1f * noise))];
        int columns = Columns / groups;
        var sums = new MomentSums(groups, columns, withStream: true);
        sums.Add(rows, stream);

        LayerGram[] grams = sums.ToGrams(centered, share: 0.5, damping: 0);

        Assert.HasCount(groups, grams);
        Assert.AreEqual(Rows, sums.Count);
        for (int group = 0; group < groups; group++)
            for (int i = 0; i < columns; i++)
                for (int j = 0; j < columns; j++)
                {
                    (int left, int right) = ((group * columns) + i, (group * columns) + j);
                    double unit = Math.Sqrt(Moment(stream, left, stream, left, false) * Moment(stream, right, stream, right, false));
                    double gram = Moment(stream, left, stream, right, centered);
                    Assert.AreEqual(gram, grams[group].Gram[(i * columns) + j], RoundingOfRows * unit, $"{group}: {i}, {j}");
                    double drift = 0.5 * (gram - Moment(rows, left, stream, right, centered));
                    Assert.AreEqual(drift, grams[group].Drift![(i * columns) + j], RoundingOfRows * unit, $"drift {group}: {i}, {j}");
                }
        Assert.AreEqual(Mean(rows, 0), grams[0].Mean[0], 0.01);
        Assert.AreEqual(Mean(stream, 0), grams[0].QuantizedMean[0], 0.01);
    }

    [TestMethod]
    public void Add_InAnyPiecesAndThreads_GivesTheSameBits()
    {
        float[] rows = LowBitCases.Rows(Rows, Columns);
        var whole = new MomentSums(1, Columns);
        whole.Add(rows, maximumThreads: 1);
        var pieces = new MomentSums(1, Columns);
        foreach (float[] piece in rows.Chunk(17 * Columns))
            pieces.Add(piece, maximumThreads: 5);
        CollectionAssert.AreEqual(whole.ToGrams(true)[0].Gram, pieces.ToGrams(true)[0].Gram);
    }

    [TestMethod]
    public void ToGrams_Damping_IsAPartOfTheMeanOfTheDiagonal()
    {
        var sums = new MomentSums(1, 2);
        sums.Add([2, 0, 0, 1]);
        float[] gram = sums.ToGrams(centered: false, damping: 0.1)[0].Gram;
        Assert.AreEqual(2.125f, gram[0], 0.01f);
        Assert.AreEqual(0.625f, gram[3], 0.01f);
        Assert.AreEqual(0f, gram[1]);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(700)]
    public void ToGrams_InputsThatDoNotVary_HavePivots(int count)
    {
        float[] row = [.. Enumerable.Range(0, Columns).Select(i => (i - 7) * 0.3713f * MathF.Pow(10, i % 5))];
        var sums = new MomentSums(1, Columns);
        for (int i = 0; i < count; i++)
            sums.Add(row);

        LayerGram gram = sums.ToGrams(centered: true)[0];

        Assert.IsGreaterThan(0, gram.Diagonal.Min());
        float[] factor = UnitUpperFactor.Of(gram, 1);
        Assert.IsTrue(Enumerable.Range(0, Columns).All(i => factor[(i * Columns) + i] > 0));
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.NegativeInfinity)]
    public void Add_RowsThatAreNotFinite_AreLeftOut(float value)
    {
        float[] rows = LowBitCases.Rows(20, 4);
        float[] stream = LowBitCases.Normal("stream", rows.Length);
        var sums = new MomentSums(1, 4, withStream: true);
        sums.Add(rows, stream);
        var others = new MomentSums(1, 4, withStream: true);
        others.Add([.. rows[..8], 1, value, 1, 1, 1, 1, 1, 1, .. rows[8..]], [.. stream[..8], 1, 1, 1, 1, 1, 1, value, 1, .. stream[8..]]);

        Assert.AreEqual(20, others.Count);
        Assert.IsTrue(others.AreUsable());
        CollectionAssert.AreEqual(sums.ToGrams(centered: true)[0].Gram, others.ToGrams(centered: true)[0].Gram);
    }

    [TestMethod]
    [DataRow(1e4f, true)]
    [DataRow(1e20f, false)]
    [DataRow(3e38f, false)]
    [DataRow(float.PositiveInfinity, false)]
    public void AreUsable_Magnitude_DoesNotOverflow(float magnitude, bool usable)
    {
        var sums = new MomentSums(1, 2);
        sums.Add([1, magnitude, -1, magnitude]);

        Assert.AreEqual(usable, sums.AreUsable());
    }

    [TestMethod]
    [DataRow(-1f)]
    [DataRow(0f)]
    [DataRow(float.NaN)]
    public void Factor_OfWhatAreNoMoments_Ends(float value)
    {
        var gram = new LayerGram([value, 0, 0, value], null, [0, 0], [0, 0], damping: 0, smallestDamping: 0);

        float[] factor = UnitUpperFactor.Of(gram, 1);

        CollectionAssert.AreEqual(new float[] { 1, 0, 0, 1 }, factor);
    }

    [TestMethod]
    public void Add_WhatIsNoRow_Throws()
    {
        Assert.ThrowsExactly<ArgumentException>(() => new MomentSums(1, 3).Add(new float[4]));
        Assert.ThrowsExactly<ArgumentException>(() => new MomentSums(1, 3, withStream: true).Add(new float[3]));
        Assert.ThrowsExactly<ArgumentException>(() => new MomentSums(1, 3).Add(new float[3], new float[3]));
    }

    private static double Moment(float[] left, int leftColumn, float[] right, int rightColumn, bool centered)
    {
        double sum = 0;
        for (int row = 0; row < Rows; row++)
            sum += (double)left[(row * Columns) + leftColumn] * right[(row * Columns) + rightColumn];
        return (sum / Rows) - (centered ? Mean(left, leftColumn) * Mean(right, rightColumn) : 0);
    }

    private static double Mean(float[] rows, int column) => Enumerable.Range(0, Rows).Average(row => (double)rows[(row * Columns) + column]);
}
