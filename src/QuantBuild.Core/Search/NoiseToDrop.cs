namespace QuantBuild.Search;

/// <summary>Predicts how much worse a model gets from the noise in its outputs, by what was measured.</summary>
/// <remarks>
/// A classifier changes its mind where two classes are nearly equal, so its drop grows with the amplitude of the noise, the root of its
/// power; a loss grows with the power itself. Which of the two fits the measurements better is taken. Drops that differ by chance count
/// less the more noise there is. Predicted noise is corrected by the mean ratio of measured to predicted noise.
/// </remarks>
internal sealed class NoiseToDrop
{
    /// <summary>30 dB: with no measurement at all the drop is expected to reach its limit there.</summary>
    public const double CarefulNoise = 1e-3;

    /// <summary>What that expectation weighs, in measurements.</summary>
    private const double PriorWeight = 0.1;

    /// <summary>How many measurements the expectation weighs that predicted noise is right.</summary>
    private const double BiasPrior = 0.25;

    /// <summary>A drop in proportion to the power has to fit so much better.</summary>
    private const double LinearAdvantage = 0.8;

    private NoiseToDrop(double factor, bool isLinear, double bias, double? limit) =>
        (Factor, IsLinear, Bias, Limit) = (factor, isLinear, bias, limit);

    /// <summary>Drop at a noise of 1.</summary>
    public double Factor { get; }

    /// <summary>True: in proportion to the noise; false: to its root.</summary>
    public bool IsLinear { get; }

    /// <summary>Measured noise over predicted noise.</summary>
    public double Bias { get; }

    /// <summary>The drop that is still allowed; null when no drop was measured.</summary>
    public double? Limit { get; }

    public static NoiseToDrop Fit(IReadOnlyList<Measured> measured)
    {
        double bias = BiasOf(measured);
        double? limit = Median([.. measured.Select(one => one.Drop - one.Excess).OfType<double>().Where(double.IsFinite)]);
        (double Noise, double Drop)[] points =
        [
            .. measured.Where(one => one.Drop is { } drop && double.IsFinite(drop))
                .Select(one => (Noise: IsKnown(one.Noise) ? one.Noise : one.Proposal.Noise * bias, one.Drop!.Value))
                .Where(point => IsKnown(point.Noise)),
        ];
        double root = FactorOf(points, Math.Sqrt, limit);
        double linear = FactorOf(points, noise => noise, limit);
        bool isLinear = points.Length >= 3
            && Loss(points, noise => linear * noise) < LinearAdvantage * Loss(points, noise => root * Math.Sqrt(noise));
        return new NoiseToDrop(isLinear ? linear : root, isLinear, bias, limit);
    }

    /// <param name="noise">As a proposal has it.</param>
    public double Predict(double noise) => Factor * (IsLinear ? noise * Bias : Math.Sqrt(noise * Bias));

    /// <returns>Predicted noise with this drop; infinite when nothing measured depends on noise.</returns>
    public double Invert(double drop)
    {
        if (drop <= 0)
            return 0;
        double root = drop / Factor;
        return (IsLinear ? root : root * root) / Bias;
    }

    private static double BiasOf(IReadOnlyList<Measured> measured)
    {
        double[] ratios =
        [
            .. measured.Where(one => IsKnown(one.Noise) && IsKnown(one.Proposal.Noise))
                .Select(one => Math.Log(one.Noise / one.Proposal.Noise)),
        ];
        return Math.Exp(ratios.Sum() / (ratios.Length + BiasPrior));
    }

    private static bool IsKnown(double noise) => noise > 0 && double.IsFinite(noise);

    private static double FactorOf((double Noise, double Drop)[] points, Func<double, double> shape, double? limit)
    {
        (double product, double square) = (0, 0);
        foreach ((double noise, double drop) in points)
        {
            double weight = 1 / Math.Sqrt(noise);
            product += weight * shape(noise) * drop;
            square += weight * shape(noise) * shape(noise);
        }

        double least = 0;
        if (limit > 0)
        {
            double careful = shape(CarefulNoise);
            double weight = PriorWeight / Math.Sqrt(CarefulNoise);
            product += weight * careful * limit.Value;
            square += weight * careful * careful;
            least = limit.Value / careful * PriorWeight / 10;
        }

        return square > 0 ? Math.Max(product / square, least) : least;
    }

    private static double Loss((double Noise, double Drop)[] points, Func<double, double> predict) =>
        points.Sum(point => (point.Drop - predict(point.Noise)) * (point.Drop - predict(point.Noise)) / Math.Sqrt(point.Noise));

    private static double? Median(double[] values)
    {
        Array.Sort(values);
        return values.Length == 0 ? null : (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }
}
