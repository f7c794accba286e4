using QuantBuild.Numerics;

namespace QuantBuild.Precision;

/// <summary>The range whose codes keep most of the information: the smallest Kullback-Leibler divergence between values and codes.</summary>
/// <remarks>
/// After Migacz, "8-bit inference with TensorRT" (2017), on the signed range and with the zero point that ships:
/// <code>
/// P   bins within the range, what lies beyond added to the outermost bins
/// Q   the same bins without what lies beyond: the mass of each code spread evenly over its bins that hold values
/// D   Σ P̂ · ln(P̂ / Q̂)        over bins with P > 0; hats: divided by their sums
/// </code>
/// A bin belongs to the code that its middle is rounded to; bins are never made anew. Only the outermost bins can have P above zero and Q at
/// zero; they get a share of <see cref="Smoothing"/>, taken from the others. No step is narrower than a bin.
/// </remarks>
internal static class EntropyRange
{
    private const int Steps = 255;

    /// <summary>Share of a bin that only holds what lies beyond the range; as in MXNet's form of the algorithm.</summary>
    private const double Smoothing = 1e-4;

    /// <summary>Candidates of the first search, which narrows both sides alike; then each side is moved by parts of the distance between two.</summary>
    private const int Parts = 64;

    private const int FineParts = 4;

    private const int Rounds = 2;

    public static TensorRange Estimate(StreamingHistogram histogram)
    {
        double least = Math.Min(histogram.Minimum, 0);
        double most = Math.Max(histogram.Maximum, 0);
        if (histogram.Total == 0 || most == least)
            return new TensorRange((float)Math.Min(least, 0), (float)Math.Max(most, 0));

        var search = new Search(new OccupiedBins(histogram), least, most);
        for (int part = Parts - 1; part >= 1; part--)
            search.Try(least * part / Parts, most * part / Parts);
        for (int round = 0; round < Rounds; round++)
        {
            double start = search.Low;
            for (int part = 0; part <= Parts; part++)
                search.Try(least * part / Parts, search.High);
            for (int move = -FineParts; move <= FineParts; move++)
                search.Try(start + (move * least / Parts / FineParts), search.High);
            start = search.High;
            for (int part = 0; part <= Parts; part++)
                search.Try(search.Low, most * part / Parts);
            for (int move = -FineParts; move <= FineParts; move++)
                search.Try(search.Low, start + (move * most / Parts / FineParts));
        }
        return new TensorRange((float)search.Low, (float)search.High);
    }

    /// <summary>The divergence for codes from <paramref name="low"/> to <paramref name="high"/>; infinite when no value lies between.</summary>
    internal static double Divergence(StreamingHistogram histogram, double low, double high) => new OccupiedBins(histogram).Divergence(low, high);

    /// <summary>The best range so far.</summary>
    private sealed class Search
    {
        private readonly OccupiedBins bins;
        private readonly double least;
        private readonly double most;
        private double best;

        public Search(OccupiedBins bins, double least, double most)
        {
            this.bins = bins;
            (this.least, this.most) = (least, most);
            (Low, High) = (least, most);
            best = bins.Divergence(least, most);
        }

        public double Low { get; private set; }

        public double High { get; private set; }

        public void Try(double low, double high)
        {
            if (low < least || low > 0 || high > most || high < 0 || (low == Low && high == High))
                return;
            double divergence = bins.Divergence(low, high);
            if (divergence < best)
                (best, Low, High) = (divergence, low, high);
        }
    }

    /// <summary>The bins that hold values.</summary>
    private sealed class OccupiedBins
    {
        private readonly double width;
        private readonly double[] middles;
        private readonly double[] masses;
        private readonly double[] codeMasses = new double[Steps + 1];
        private readonly int[] codeBins = new int[Steps + 1];

        public OccupiedBins(StreamingHistogram histogram)
        {
            width = Math.ScaleB(1, histogram.Exponent);
            int[] bins = [.. Enumerable.Range(0, histogram.Counts.Length)];
            long[] counts = histogram.Counts.ToArray();
            bins = [.. bins.Where(bin => counts[bin] > 0)];
            middles = [.. bins.Select(bin => (histogram.FirstBin + bin + 0.5) * width)];
            masses = [.. bins.Select(bin => (double)counts[bin] / histogram.Total)];
        }

        public double Divergence(double low, double high)
        {
            double step = (high - low) / Steps;
            if (step < width)
                return double.PositiveInfinity;
            int first = Array.FindIndex(middles, middle => middle >= low);
            int last = Array.FindLastIndex(middles, middle => middle <= high);
            if (first < 0 || last < first)
                return double.PositiveInfinity;

            Array.Clear(codeMasses);
            Array.Clear(codeBins);
            double inside = 0;
            for (int i = first; i <= last; i++)
            {
                int code = CodeOf(middles[i], low, step);
                codeMasses[code] += masses[i];
                codeBins[code]++;
                inside += masses[i];
            }

            double below = Sum(masses.AsSpan(0, first));
            double above = Sum(masses.AsSpan(last + 1));
            double divergence = 0;

            // An outermost bin that holds no value of its own: nothing but what lies beyond.
            double taken = 0;
            bool lowestIsEmpty = below > 0 && middles[first] - low > width;
            bool highestIsEmpty = above > 0 && high - middles[last] > width;
            foreach ((bool isEmpty, double beyond) in new[] { (lowestIsEmpty, below), (highestIsEmpty, above) })
                if (isEmpty)
                {
                    taken += Smoothing;
                    divergence += beyond * Math.Log(beyond / Smoothing);
                }
            for (int i = first; i <= last; i++)
            {
                int code = CodeOf(middles[i], low, step);
                double value = masses[i] + (i == first && !lowestIsEmpty ? below : 0) + (i == last && !highestIsEmpty ? above : 0);
                divergence += value * Math.Log(value / (codeMasses[code] / codeBins[code] / inside * (1 - taken)));
            }
            return divergence;
        }

        private static double Sum(ReadOnlySpan<double> values)
        {
            double sum = 0;
            foreach (double value in values)
                sum += value;
            return sum;
        }

        /// <summary>Codes are multiples of the step from zero.</summary>
        private static int CodeOf(double value, double low, double step) =>
            (int)Math.Clamp(Math.Round(value / step) - Math.Round(low / step), 0, Steps);
    }
}
