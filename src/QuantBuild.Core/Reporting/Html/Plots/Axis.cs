namespace QuantBuild.Reporting.Html.Plots;

/// <summary>Values along an edge of a plot, where 0 to 100 % is from <paramref name="Low"/> to <paramref name="High"/>.</summary>
/// <param name="High">Above <paramref name="Low"/>; both finite.</param>
internal readonly record struct Axis(double Low, double High)
{
    /// <summary>Wide enough for all values that are finite, with some space around them.</summary>
    public static Axis Around(IEnumerable<double> values, double margin = 0.08)
    {
        double low = double.PositiveInfinity;
        double high = double.NegativeInfinity;
        foreach (double value in values.Where(value => double.IsFinite(value) && Math.Abs(value) < 1e300))
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        if (low > high)
            return new Axis(0, 1);
        double space = Math.Max((high - low) * margin, Math.Max(Math.Abs(low), Math.Abs(high)) * 1e-6);
        return space > 0 && double.IsFinite(high - low) ? new Axis(low - space, high + space) : new Axis(low - 1, high + 1);
    }

    /// <summary>0 to 100; what lies outside is at the end.</summary>
    public double Percent(double value) => double.IsNaN(value) ? 0 : Math.Clamp((value - Low) / (High - Low), 0, 1) * 100;

    public bool Holds(double value) => value >= Low && value <= High;

    /// <summary>Round numbers, 1, 2 or 5 times a power of ten apart.</summary>
    public IReadOnlyList<double> Ticks(int most)
    {
        double least = (High - Low) / Math.Max(most, 1);
        double power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        double step = power * (least / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
        var ticks = new List<double>();
        if (!double.IsFinite(step) || step <= 0)
            return ticks;
        double first = Math.Ceiling(Low / step);
        for (int i = 0; i <= most && (first + i) * step <= High; i++)
            ticks.Add((first + i) * step);
        return ticks;
    }
}
