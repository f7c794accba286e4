using QuantBuild.Reconstruction;
using QuantBuild.Reconstruction.LowBits;

namespace QuantBuild.Core.Tests.Reconstruction.LowBits;

/// <summary>Beside the algorithm as Frantar and others (2022) write it: with the upper Cholesky factor of the inverse.</summary>
[TestClass]
public sealed class GptqFormulaTests
{
    private const int Channels = 24;

    private const int Columns = 70;

    /// <summary>Where two codes are as near as can be, single precision may take the other, and all columns after it follow.</summary>
    private const double CodesThatMayDiffer = 0.02;

    private const double ErrorsMayDiffer = 0.005;

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Round_AnyGrid_GivesTheCodesOfTheFormula(bool largestFirst)
    {
        LayerGram gram = LowBitCases.Gram(Columns);
        foreach ((string name, LowBitLayer layer) in LowBitCases.Layers(Channels, Columns, 16))
        {
            GridSearch.Weighted(layer, gram);
            byte[] expected = PlainGptq(gram, layer, largestFirst);

            LowBitGptq.Round(gram, layer, largestFirst ? ColumnOrder.LargestFirst : ColumnOrder.Natural);

            int different = expected.Zip(layer.Codes).Count(pair => pair.First != pair.Second);
            Assert.IsTrue(different <= CodesThatMayDiffer * expected.Length, $"{different} of {expected.Length}, {name}");
            double error = LayerError.Of(gram, layer).Sum();
            expected.CopyTo(layer.Codes, 0);
            double plainError = LayerError.Of(gram, layer).Sum();
            Assert.AreEqual(plainError, error, ErrorsMayDiffer * plainError, name);
        }
    }

    /// <summary>With 255 levels what is left is far below what rounding the inputs cost.</summary>
    [TestMethod]
    public void Round_WithDrift_ComesCloseToTheWeightsThatMakeUpForIt()
    {
        LayerGram gram = LowBitCases.Gram(Columns, drifts: true);
        LowBitLayer layer = LowBitLayer.Uniform(LowBitCases.Weights(Channels, Columns), Channels, 8, 1, isAsymmetric: false);
        GridSearch.MinMax(layer);
        layer.Grid.Scales.AsSpan().Fill(0.002f);
        double best = 0;
        double[,] inverse = PlainMatrix.Inverse(PlainMatrix.Of(gram.Gram, Columns));
        for (int channel = 0; channel < Channels; channel++)
        {
            var drift = new double[Columns];
            for (int i = 0; i < Columns; i++)
                for (int j = 0; j < Columns; j++)
                    drift[j] += layer.WeightsOf(channel)[i] * (double)gram.Drift![(i * Columns) + j];
            best -= PlainMatrix.Form(inverse, drift, drift);
        }

        LowBitGptq.Round(gram, layer);

        double error = LayerError.Of(gram, layer).Sum();
        Assert.IsTrue(best < 0 && error >= best * 1.001 && error <= best * 0.9, $"{error}, at best {best}");
    }

    /// <summary>Two columns that are always the same leave a matrix without inverse when nothing is added to its diagonal.</summary>
    [TestMethod]
    public void Round_MatrixWithoutInverse_IsDampedUntilItHasOne()
    {
        float[] rows = LowBitCases.Rows(40, 8);
        for (int row = 0; row < rows.Length; row += 8)
            rows[row + 5] = rows[row + 2];
        var sums = new MomentSums(1, 8);
        sums.Add(rows);
        LayerGram gram = sums.ToGrams(centered: false, damping: 0)[0];
        LowBitLayer layer = LowBitLayer.Uniform(LowBitCases.Weights(6, 8), 6, 3, 8, isAsymmetric: false);
        GridSearch.Weighted(layer, gram);
        double before = LayerError.Of(gram, layer).Sum();

        LowBitGptq.Round(gram, layer);

        double after = LayerError.Of(gram, layer).Sum();
        Assert.IsTrue(after < before, $"{before} → {after}");
    }

    private static byte[] PlainGptq(LayerGram gram, LowBitLayer layer, bool largestFirst)
    {
        int[] order = [.. Enumerable.Range(0, Columns)];
        if (largestFirst)
            order = [.. order.OrderByDescending(column => gram.Gram[(column * Columns) + column])];
        var moments = new double[Columns, Columns];
        for (int i = 0; i < Columns; i++)
            for (int j = 0; j < Columns; j++)
                moments[i, j] = gram.Gram[(order[i] * Columns) + order[j]];
        double[,] upper = PlainMatrix.UpperCholesky(PlainMatrix.Inverse(moments));
        var codes = new byte[layer.Codes.Length];
        for (int channel = 0; channel < layer.Channels; channel++)
        {
            var wanted = new double[Columns];
            for (int i = 0; i < Columns; i++)
                wanted[i] = layer.WeightsOf(channel)[order[i]];
            for (int i = 0; i < Columns; i++)
            {
                byte code = NearestOfAll(layer.Grid, channel, order[i], wanted[i]);
                codes[(channel * Columns) + order[i]] = code;
                double missing = (wanted[i] - layer.Grid.ValueOf(channel, order[i], code)) / upper[i, i];
                for (int j = i + 1; j < Columns; j++)
                    wanted[j] -= missing * upper[i, j];
            }
        }
        return codes;
    }

    private static byte NearestOfAll(LevelGrid grid, int channel, int column, double wanted) => (byte)Enumerable.Range(0, grid.LevelCount)
        .MinBy(code => Math.Abs(grid.ValueOf(channel, column, code) - wanted));
}
