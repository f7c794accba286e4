namespace QuantBuild.Search;

/// <summary>Finds the price of each limit that gives the best bound.</summary>
/// <remarks>The bound is the maximum over prices of the minimum over choices of goal + prices · (use − 1).</remarks>
internal sealed class KnapsackDual(KnapsackTable table, KnapsackIncumbent best)
{
    /// <summary>Halvings of the logarithm of a price; the last ones change it by less than 1e-9.</summary>
    private const int Halvings = 40;

    private const int Growths = 60;

    private readonly int[] _places = new int[table.Layers];

    /// <summary>The largest goal of any choice: prices are of this order.</summary>
    private readonly double _range = Math.Max(table.Goal.Sum(row => row.Max()), double.Epsilon);

    public double FirstPrice { get; private set; }

    public double SecondPrice { get; private set; }

    /// <summary>No choice that keeps the limits has a lower goal above <see cref="KnapsackTable.Base"/>.</summary>
    public double Bound { get; private set; } = double.NegativeInfinity;

    /// <summary>Tries every choice that it meets as the best one.</summary>
    public void Climb()
    {
        if (!table.Second.IsBinding)
        {
            AlongFirst(0);
            return;
        }

        if (AlongFirst(0) <= 0)
            return;
        double low = _range * 1e-15;
        double high = _range;
        for (int i = 0; i < Growths && AlongFirst(high) > 0; i++)
            (low, high) = (high, high * 16);
        for (int i = 0; i < Halvings && high > low * (1 + 1e-9); i++)
        {
            double middle = Math.Sqrt(low) * Math.Sqrt(high);
            if (AlongFirst(middle) > 0)
                low = middle;
            else
                high = middle;
        }
    }

    /// <summary>The best first price for this second price.</summary>
    /// <returns>By how much the choices there use more than the second limit.</returns>
    private double AlongFirst(double secondPrice)
    {
        Use high = Choose(0, secondPrice);
        if (high.First <= 1 || !table.First.IsBinding)
            return high.Second - 1;
        Use low = high;
        double lowPrice = _range * 1e-15;
        double highPrice = _range;
        high = Choose(highPrice, secondPrice);
        for (int i = 0; i < Growths && high.First > 1; i++)
        {
            (low, lowPrice, highPrice) = (high, highPrice, highPrice * 16);
            high = Choose(highPrice, secondPrice);
        }

        for (int i = 0; i < Halvings && highPrice > lowPrice * (1 + 1e-9); i++)
        {
            double middle = Math.Sqrt(lowPrice) * Math.Sqrt(highPrice);
            Use use = Choose(middle, secondPrice);
            if (use.First > 1)
                (low, lowPrice) = (use, middle);
            else
                (high, highPrice) = (use, middle);
        }

        double share = low.First > high.First ? Math.Clamp((1 - high.First) / (low.First - high.First), 0, 1) : 0;
        return (share * low.Second) + ((1 - share) * high.Second) - 1;
    }

    private Use Choose(double firstPrice, double secondPrice)
    {
        (double first, double second, double priced) = (0, 0, 0);
        for (int layer = 0; layer < _places.Length; layer++)
        {
            double[] goal = table.Goal[layer];
            double[] uses1 = table.First.Values[layer];
            double[] uses2 = table.Second.Values[layer];
            int place = 0;
            double least = goal[0] + (firstPrice * uses1[0]) + (secondPrice * uses2[0]);
            for (int other = 1; other < goal.Length; other++)
            {
                double value = goal[other] + (firstPrice * uses1[other]) + (secondPrice * uses2[other]);
                if (value < least)
                    (least, place) = (value, other);
            }

            _places[layer] = place;
            first += uses1[place];
            second += uses2[place];
            priced += least;
        }

        double bound = priced - firstPrice - secondPrice;
        if (bound > Bound)
            (Bound, FirstPrice, SecondPrice) = (bound, firstPrice, secondPrice);
        if (first <= table.First.Most && second <= table.Second.Most)
            best.Offer(_places);
        return new Use(first, second);
    }

    private readonly record struct Use(double First, double Second);
}
