using QuantBuild.Numerics;
using QuantBuild.Reconstruction.LowBits;

namespace QuantBuild.Reconstruction.Codebooks;

/// <summary>Levels of a layer by the error of its output: the best for the codes, and codes for the levels, in turns.</summary>
/// <remarks>
/// With A for the matrix that puts the scale of weight j where its code is, the weights are <c>ŵ = A·l</c>, and the error of the output is least where
/// <c>Σ AᵀGA · l = Σ Aᵀ(G·w − r₀)</c>, summed over the channels that share the levels l.
/// </remarks>
internal static class LevelRefit
{
    private const int MostRounds = 6;

    /// <summary>A smaller gain ends the rounds, as a part of the error.</summary>
    private const double SmallestGain = 0.005;

    /// <summary>Keeps levels that few weights use where they are, as a part of the mean of the diagonal.</summary>
    private const double Damping = 1e-6;

    /// <summary>Changes of whole-number levels end by themselves; this is for rounding errors.</summary>
    private const int MostSweeps = 100;

    /// <summary>Bounds the memory for equations that are not summed yet.</summary>
    private const int ChannelsAtOnce = 64;

    /// <param name="layer">With codebooks and codes.</param>
    /// <param name="keepZero">True: a level of zero stays zero.</param>
    /// <param name="wholeNumbers">True: levels stay whole numbers.</param>
    /// <returns>A layer of no larger error, with codebooks of its own.</returns>
    public static LowBitLayer Improve(LayerGram gram, LowBitLayer layer, bool keepZero, bool wholeNumbers, int maximumThreads = -1)
    {
        LowBitLayer best = layer;
        double bestError = LayerError.Of(gram, layer, maximumThreads).Sum();
        for (int round = 0; round < MostRounds; round++)
        {
            LowBitLayer next = Refitted(gram, best, keepZero, wholeNumbers, maximumThreads);
            GridDescent.Improve(gram, next, maximumThreads);
            double error = LayerError.Of(gram, next, maximumThreads).Sum();
            if (!(error < bestError))
                break;
            bool isDone = error > bestError * (1 - SmallestGain);
            (best, bestError) = (next, error);
            if (isDone)
                break;
        }
        return best;
    }

    /// <summary>The best levels for the codes; those of whole numbers none of which alone is better elsewhere.</summary>
    internal static LowBitLayer Refitted(LayerGram gram, LowBitLayer layer, bool keepZero, bool wholeNumbers, int maximumThreads = -1)
    {
        IReadOnlyList<float[]> codebooks = layer.Grid.Codebooks ?? throw new ArgumentException("The layer has no codebooks.", nameof(layer));
        Equations[] equations = EquationsOf(gram, layer, codebooks.Count, maximumThreads);
        var levels = new float[codebooks.Count][];
        var codeOf = new byte[codebooks.Count][];
        for (int i = 0; i < levels.Length; i++)
        {
            float[] fitted = wholeNumbers ? equations[i].WholeLevels(codebooks[i], keepZero) : equations[i].Levels(codebooks[i], keepZero);
            int[] order = [.. Enumerable.Range(0, fitted.Length).OrderBy(code => fitted[code])];
            levels[i] = [.. order.Select(code => fitted[code])];
            codeOf[i] = new byte[order.Length];
            for (int rank = 0; rank < order.Length; rank++)
                codeOf[i][order[rank]] = (byte)rank;
        }
        var refitted = new LowBitLayer(layer.Weights, layer.Grid with { Scales = [.. layer.Grid.Scales], Codebooks = levels });
        for (int i = 0; i < refitted.Codes.Length; i++)
            refitted.Codes[i] = codeOf[layer.Grid.CodebookOfChannel?[i / layer.Columns] ?? 0][layer.Codes[i]];
        return refitted;
    }

    /// <returns>One for every codebook. The sums are taken in the order of the channels.</returns>
    private static Equations[] EquationsOf(LayerGram gram, LowBitLayer layer, int codebooks, int maximumThreads)
    {
        var ofChannel = new Equations[layer.Channels];
        var sums = new Equations[codebooks];
        for (int i = 0; i < codebooks; i++)
            sums[i] = new Equations(layer.Grid.LevelCount);
        for (int start = 0; start < layer.Channels; start += ChannelsAtOnce)
        {
            int stop = Math.Min(start + ChannelsAtOnce, layer.Channels);
            Parallel.For(start, stop, new ParallelOptions { MaxDegreeOfParallelism = maximumThreads }, channel => ofChannel[channel] = OfChannel(gram, layer, channel));
            for (int channel = start; channel < stop; channel++)
            {
                sums[layer.Grid.CodebookOfChannel?[channel] ?? 0].Add(ofChannel[channel]);
                ofChannel[channel] = null!;
            }
        }
        return sums;
    }

    private static Equations OfChannel(LayerGram gram, LowBitLayer layer, int channel)
    {
        int columns = layer.Columns;
        LevelGrid grid = layer.Grid;
        ReadOnlySpan<byte> codes = layer.CodesOf(channel);
        var scales = new float[columns];
        for (int j = 0; j < columns; j++)
            scales[j] = grid.Scales[grid.BlockOf(channel, j)];

        var wanted = new float[columns];
        RowSumKernel.AddProduct(gram.Gram, columns, [.. layer.WeightsOf(channel)], wanted);
        float[]? drift = LayerError.DriftOf(gram, layer, channel, channel + 1);
        var equations = new Equations(grid.LevelCount);
        for (int j = 0; j < columns; j++)
            equations.Right[codes[j]] += scales[j] * ((double)wanted[j] - (drift?[j] ?? 0));

        var rows = new int[columns];
        var factors = new float[columns];
        var product = new float[columns];
        for (int code = 0; code < grid.LevelCount; code++)
        {
            int count = 0;
            for (int j = 0; j < columns; j++)
                if (codes[j] == code)
                    (rows[count], factors[count++]) = (j, scales[j]);
            if (count == 0)
                continue;
            product.AsSpan().Clear();
            RowSumKernel.Add(gram.Gram, columns, rows.AsSpan(0, count), factors.AsSpan(0, count), 0, product);
            for (int j = 0; j < columns; j++)
                equations.Matrix[(code * grid.LevelCount) + codes[j]] += (double)scales[j] * product[j];
        }
        return equations;
    }

    private sealed class Equations(int count)
    {
        /// <summary>[count, count]; the rows of levels without a code are zero.</summary>
        public double[] Matrix { get; } = new double[count * count];

        public double[] Right { get; } = new double[count];

        public void Add(Equations other)
        {
            for (int i = 0; i < Matrix.Length; i++)
                Matrix[i] += other.Matrix[i];
            for (int i = 0; i < Right.Length; i++)
                Right[i] += other.Right[i];
        }

        public float[] Levels(float[] levels, bool keepZero)
        {
            int[] free = Free(levels, keepZero);
            double mean = free.Length == 0 ? 0 : free.Average(code => Matrix[(code * count) + code]);
            var matrix = new double[free.Length * free.Length];
            var change = new double[free.Length];
            for (int row = 0; row < free.Length; row++)
            {
                change[row] = -SlopeOf(free[row], levels);
                for (int column = 0; column <= row; column++)
                    matrix[(row * free.Length) + column] = Matrix[(free[row] * count) + free[column]] + (row == column ? Damping * mean : 0);
            }
            float[] fitted = [.. levels];
            if (!SymmetricEquations.TrySolve(matrix, change))
                return fitted;
            for (int row = 0; row < free.Length; row++)
                fitted[free[row]] = (float)(levels[free[row]] + change[row]) is var level && float.IsFinite(level) ? level : levels[free[row]];
            return fitted;
        }

        /// <summary>Each to the best whole number while the others stand, until none changes.</summary>
        public float[] WholeLevels(float[] levels, bool keepZero)
        {
            float[] fitted = [.. levels];
            bool changes = true;
            for (int sweep = 0; changes && sweep < MostSweeps; sweep++)
            {
                changes = false;
                foreach (int code in Free(levels, keepZero))
                {
                    double best = fitted[code] - (SlopeOf(code, fitted) / Matrix[(code * count) + code]);
                    float whole = (float)Math.Clamp(Math.Round(best), -KMeansCodebook.WholeLimit, KMeansCodebook.WholeLimit);
                    changes |= whole != fitted[code];
                    fitted[code] = whole;
                }
            }
            return fitted;
        }

        private int[] Free(float[] levels, bool keepZero) =>
            [.. Enumerable.Range(0, count).Where(code => Matrix[(code * count) + code] > 0 && !(keepZero && levels[code] == 0))];

        private double SlopeOf(int code, float[] levels)
        {
            double slope = -Right[code];
            for (int other = 0; other < count; other++)
                slope += Matrix[(code * count) + other] * levels[other];
            return slope;
        }
    }
}
