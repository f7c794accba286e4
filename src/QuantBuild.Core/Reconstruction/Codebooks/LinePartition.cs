namespace QuantBuild.Reconstruction.Codebooks;

/// <summary>The best divisions of points on a line into 1, 2, … intervals, each with one centre for all its points.</summary>
/// <remarks>
/// With <c>E(k, j)</c> for the error of the first j points in k intervals it is <c>E(k, j) = min E(k − 1, i) + cost(i, j)</c> over i. The cost of an interval
/// with the best of any fixed set of centres satisfies the quadrangle inequality, so that the best i does not fall as j grows: a row takes
/// <c>j · log j</c> steps (Grønlund and others 2017, "Fast exact k-means, k-medians and Bregman divergence clustering in 1D").
/// </remarks>
internal sealed class LinePartition
{
    private readonly double[] weights;

    private readonly double[] moments;

    private readonly double[] squares;

    private readonly int wholeLimit;

    /// <summary>By intervals − 1: where the last of them starts, for every number of points.</summary>
    private readonly int[][] starts;

    private readonly double[] errors;

    private readonly double[] before;

    private readonly double[] current;

    /// <param name="values">Ascending.</param>
    /// <param name="pointWeights">Above 0; those that vanish beside the sum of the others do not count.</param>
    /// <param name="intervals">At most.</param>
    /// <param name="zeroFirst">True: a further interval, with zero as its centre, comes before the others.</param>
    /// <param name="wholeLimit">Not 0: centres are whole numbers up to this magnitude.</param>
    public LinePartition(ReadOnlySpan<double> values, ReadOnlySpan<double> pointWeights, int intervals, bool zeroFirst, int wholeLimit)
    {
        this.wholeLimit = wholeLimit;
        int count = values.Length;
        weights = new double[count + 1];
        moments = new double[count + 1];
        squares = new double[count + 1];
        for (int i = 0; i < count; i++)
        {
            double moment = pointWeights[i] * values[i];
            weights[i + 1] = weights[i] + pointWeights[i];
            moments[i + 1] = moments[i] + moment;
            squares[i + 1] = squares[i] + (moment * values[i]);
        }
        before = new double[count + 1];
        current = new double[count + 1];
        for (int j = 1; j <= count; j++)
            before[j] = zeroFirst ? squares[j] : double.PositiveInfinity;
        starts = new int[intervals][];
        errors = new double[intervals + 1];
        errors[0] = before[count];
        for (int k = 0; k < intervals; k++)
        {
            starts[k] = new int[count + 1];
            Fill(starts[k], 0, count, 0, count);
            errors[k + 1] = current[count];
            current.CopyTo(before, 0);
        }
    }

    private int Count => weights.Length - 1;

    /// <param name="intervals">0 to the most.</param>
    public double ErrorOf(int intervals) => errors[intervals];

    /// <summary>Ascending; fewer than the intervals where points are fewer. The one at zero is left out.</summary>
    public double[] CentersOf(int intervals)
    {
        var centers = new List<double>();
        for (int k = intervals, end = Count; k > 0; k--)
        {
            int start = starts[k - 1][end];
            if (weights[start] < weights[end])
                centers.Add(CenterOf(start, end));
            end = start;
        }
        centers.Reverse();
        return [.. centers];
    }

    /// <summary>The middle first: what is found for it bounds the search on both sides.</summary>
    private void Fill(int[] start, int low, int high, int first, int last)
    {
        if (low > high)
            return;
        int middle = (low + high) >> 1;
        int end = Math.Min(last, middle);
        double best = double.PositiveInfinity;
        int bestStart = first;
        for (int i = first; i <= end; i++)
        {
            double error = before[i] + CostOf(i, middle);
            if (error < best)
                (best, bestStart) = (error, i);
        }
        current[middle] = best;
        start[middle] = bestStart;
        Fill(start, low, middle - 1, first, bestStart);
        Fill(start, middle + 1, high, bestStart, last);
    }

    private double CostOf(int start, int end)
    {
        double weight = weights[end] - weights[start];
        if (weight <= 0)
            return 0;
        double moment = moments[end] - moments[start];
        double square = squares[end] - squares[start];
        if (wholeLimit == 0)
            return Math.Max(0, square - (moment * moment / weight));
        double center = CenterOf(start, end);
        return Math.Max(0, square - (center * ((2 * moment) - (center * weight))));
    }

    private double CenterOf(int start, int end)
    {
        double mean = (moments[end] - moments[start]) / (weights[end] - weights[start]);
        return wholeLimit == 0 ? mean : Math.Clamp(Math.Round(mean, MidpointRounding.ToEven), -wholeLimit, wholeLimit);
    }
}
