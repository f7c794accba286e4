namespace QuantBuild.Evaluation.Metrics;

/// <summary>Two-sided 95 % quantiles.</summary>
internal static class StudentQuantile
{
    /// <summary>Of the normal distribution.</summary>
    public const double Normal95 = 1.959964;

    /// <summary>Student's t distribution for 1, 2, … degrees of freedom.</summary>
    private static readonly double[] Table =
    [
        12.706205, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004, 2.262157, 2.228139,
        2.200985, 2.178813, 2.160369, 2.144787, 2.131450, 2.119905, 2.109816, 2.100922, 2.093024, 2.085963,
    ];

    /// <summary>Student's t: wide for few samples, infinite for one.</summary>
    /// <remarks>Beyond the table by t ≈ z + (z³ + z)/4ν + (5z⁵ + 16z³ + 3z)/96ν² + (3z⁷ + 19z⁵ + 17z³ − 15z)/384ν³
    /// (Abramowitz and Stegun 26.7.5), right to four places there.</remarks>
    public static double Of(long degreesOfFreedom)
    {
        if (degreesOfFreedom < 1)
            return double.PositiveInfinity;
        if (degreesOfFreedom <= Table.Length)
            return Table[degreesOfFreedom - 1];
        const double z = Normal95;
        const double first = ((z * z * z) + z) / 4;
        const double second = ((5 * z * z * z * z * z) + (16 * z * z * z) + (3 * z)) / 96;
        const double third = ((3 * z * z * z * z * z * z * z) + (19 * z * z * z * z * z) + (17 * z * z * z) - (15 * z)) / 384;
        double inverse = 1.0 / degreesOfFreedom;
        return z + (inverse * (first + (inverse * (second + (inverse * third)))));
    }
}
