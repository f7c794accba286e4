using QuantBuild.Numerics;

namespace QuantBuild.Reconstruction.LowBits;

/// <summary>Second moments of what a node reads when its activations stay float, added up as rows come, so that nothing grows with their
/// number.</summary>
/// <remarks>
/// Rows are taken in parts of <see cref="PartRows"/>. In a part every column is rounded to twelve bits of its own largest magnitude, and
/// sums of products are exact; parts
/// are added in double precision, in their order. The result depends neither on threads nor on how many rows come at a time.
/// </remarks>
/// <param name="withStream">True: every row comes together with the same row of the quantized model.</param>
internal sealed class MomentSums(int groups, int columns, bool withStream = false)
{
    private const int PartRows = 512;

    private const int LargestCode = GramKernel.LargestMagnitude - 1;

    private readonly Side real = new(groups * columns);

    private readonly Side? seen = withStream ? new Side(groups * columns) : null;

    private readonly double[] moments = new double[groups * columns * columns];

    private readonly double[] crossed = new double[withStream ? groups * columns * columns : 0];

    /// <summary>Of one part; null before the first and when all have been added.</summary>
    private long[]? products;

    private int waiting;

    public long Count { get; private set; }

    private int RowLength => groups * columns;

    /// <param name="rows">[any, groups, columns]</param>
    /// <param name="stream">The same rows as the quantized model has them; none without stream.</param>
    /// <param name="maximumThreads">−1 for as many as there are processors.</param>
    public void Add(ReadOnlySpan<float> rows, ReadOnlySpan<float> stream = default, int maximumThreads = -1)
    {
        if (rows.Length % RowLength != 0 || stream.Length != (seen is null ? 0 : rows.Length))
            throw new ArgumentException($"{rows.Length} and {stream.Length} values are no rows of {RowLength}.");
        for (int start = 0; start < rows.Length; start += RowLength)
        {
            rows.Slice(start, RowLength).CopyTo(real.Row(waiting));
            seen?.TakeRow(waiting, stream.Slice(start, RowLength));
            Count++;
            if (++waiting == PartRows)
                AddPart(maximumThreads);
        }
    }

    /// <summary>One for every group, of all rows so far; at least one.</summary>
    /// <param name="centered">True when the node has a bias, which takes up the mean error.</param>
    /// <param name="share">Of the stream's difference: see <see cref="LayerGram.Drift"/>; without stream there is none.</param>
    /// <param name="damping">As a part of the mean of the diagonal.</param>
    public LayerGram[] ToGrams(bool centered, double share = 1, double damping = LayerGram.Damping, int maximumThreads = -1)
    {
        ArgumentOutOfRangeException.ThrowIfZero(Count);
        AddPart(maximumThreads);
        products = null;
        double[] mean = [.. real.Sums.Select(sum => sum / Count)];
        double[] seenMean = seen is null ? mean : [.. seen.Sums.Select(sum => sum / Count)];
        var grams = new LayerGram[groups];
        for (int group = 0; group < groups; group++)
        {
            Range ofGroup = (group * columns)..((group + 1) * columns);
            float[] gram = Means(moments, group, seenMean[ofGroup], seenMean[ofGroup], centered);
            float[]? drift = null;
            if (seen is not null && share > 0)
            {
                float[] cross = Means(crossed, group, mean[ofGroup], seenMean[ofGroup], centered);
                drift = [.. gram.Zip(cross, (whole, part) => (float)(share * (whole - part)))];
            }
            bool isZero = Enumerable.Range(0, columns).All(i => gram[(i * columns) + i] <= 0);
            grams[group] = new LayerGram(
                gram, drift, [.. mean[ofGroup].Select(value => (float)value)], [.. seenMean[ofGroup].Select(value => (float)value)],
                damping, smallestDamping: isZero ? 1 : 0);
        }
        return grams;
    }

    private void AddPart(int maximumThreads)
    {
        if (waiting == 0)
            return;
        real.Quantize(waiting);
        seen?.Quantize(waiting);
        Side reading = seen ?? real;
        if (products is null)
            products = new long[moments.Length];
        else
            Array.Clear(products);
        Span<short> codes = reading.Codes.AsSpan(0, waiting * RowLength);
        if (groups == 1)
            GramKernel.AccumulateSymmetric(codes, waiting, columns, products, maximumThreads);
        else
            GramKernel.AccumulateGroups(codes, codes, waiting, groups, columns, products, maximumThreads);
        AddTo(moments, products, reading.Scales, reading.Scales);
        if (seen is not null)
        {
            Array.Clear(products);
            GramKernel.AccumulateGroups(real.Codes.AsSpan(0, waiting * RowLength), codes, waiting, groups, columns, products, maximumThreads);
            AddTo(crossed, products, real.Scales, seen.Scales);
        }
        waiting = 0;
    }

    private void AddTo(double[] sums, long[] products, double[] left, double[] right)
    {
        for (int row = 0, i = 0; row < RowLength; row++)
            for (int column = row / columns * columns, end = column + columns; column < end; column++, i++)
                sums[i] += products[i] * left[row] * right[column];
    }

    private float[] Means(double[] sums, int group, double[] left, double[] right, bool centered)
    {
        var means = new float[columns * columns];
        for (int i = 0, from = group * means.Length; i < means.Length; i++, from++)
            means[i] = (float)((sums[from] / Count) - (centered ? left[i / columns] * right[i % columns] : 0));
        return means;
    }

    /// <summary>The rows of one model.</summary>
    private sealed class Side(int rowLength)
    {
        private readonly float[] values = new float[PartRows * rowLength];

        public short[] Codes { get; } = new short[PartRows * rowLength];

        public double[] Scales { get; } = new double[rowLength];

        /// <summary>Of the rounded values, so that moments about the mean are never negative.</summary>
        public double[] Sums { get; } = new double[rowLength];

        public Span<float> Row(int row) => values.AsSpan(row * rowLength, rowLength);

        public void TakeRow(int row, ReadOnlySpan<float> taken) => taken.CopyTo(Row(row));

        public void Quantize(int rows)
        {
            var largest = new float[rowLength];
            for (int row = 0; row < rows; row++)
                for (int i = 0; i < rowLength; i++)
                    largest[i] = Math.Max(largest[i], Math.Abs(values[(row * rowLength) + i]));
            var steps = new double[rowLength];
            for (int i = 0; i < rowLength; i++)
            {
                Scales[i] = largest[i] / (double)LargestCode;
                steps[i] = largest[i] > 0 ? LargestCode / (double)largest[i] : 0;
            }
            for (int row = 0; row < rows; row++)
                for (int i = 0; i < rowLength; i++)
                {
                    short code = (short)Math.Round(values[(row * rowLength) + i] * steps[i]);
                    Codes[(row * rowLength) + i] = code;
                    Sums[i] += code * Scales[i];
                }
        }
    }
}
