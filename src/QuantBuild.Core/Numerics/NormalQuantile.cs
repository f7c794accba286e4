namespace QuantBuild.Numerics;

/// <summary>The inverse of the normal distribution's cumulative function, exact to about 1e-16 (algorithm AS 241, Wichura 1988).</summary>
internal static class NormalQuantile
{
    /// <summary>Around 1/2 a rational function of the distance is used, further out one of the logarithm of the tail.</summary>
    private const double CentralHalfWidth = 0.425;

    private const double TailShift = 1.6;

    private const double FarTail = 5;

    private static readonly double[] CentralNumerator =
    [
        3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
        45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727,
    ];

    private static readonly double[] CentralDenominator =
    [
        1, 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077,
        21213.794301586595867, 39307.895800092710610, 28729.085735721942674, 5226.4952788528545610,
    ];

    private static readonly double[] TailNumerator =
    [
        1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504,
        1.27045825245236838258, 0.241780725177450611770, 0.0227238449892691845833, 0.000774545014278341407640,
    ];

    private static readonly double[] TailDenominator =
    [
        1, 2.05319162663775882187, 1.67638483018380384940, 0.689767334985100004550,
        0.148103976427480074590, 0.0151986665636164571966, 0.000547593808499534494600, 0.00000000105075007164441684324,
    ];

    /// <param name="probability">1e-10 to 1 − 1e-10.</param>
    public static double Of(double probability)
    {
        double distance = probability - 0.5;
        if (Math.Abs(distance) <= CentralHalfWidth)
            return distance * Ratio(CentralNumerator, CentralDenominator, (CentralHalfWidth * CentralHalfWidth) - (distance * distance));
        double tail = Math.Sqrt(-Math.Log(Math.Min(probability, 1 - probability)));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tail, FarTail, nameof(probability));
        return Math.CopySign(Ratio(TailNumerator, TailDenominator, tail - TailShift), distance);
    }

    private static double Ratio(double[] numerator, double[] denominator, double at) => Polynomial(numerator, at) / Polynomial(denominator, at);

    private static double Polynomial(double[] coefficients, double at)
    {
        double sum = 0;
        for (int i = coefficients.Length - 1; i >= 0; i--)
            sum = (sum * at) + coefficients[i];
        return sum;
    }
}
