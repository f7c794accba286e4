namespace QuantBuild.Benchmarks.Costs;

/// <summary>Fits times that are linear in features, with coefficients that are not negative, by the smallest squared error relative to the
/// time and what a measurement may be off.</summary>
internal static class LeastSquares
{
    private const int Sweeps = 20000;

    /// <summary>Coordinate descent: each coefficient in turn takes its best value that is not negative, until nothing moves.</summary>
    /// <param name="features">[samples][features].</param>
    /// <param name="times">[samples].</param>
    /// <param name="tolerance">What a time may be off whatever it is.</param>
    public static double[] FitNonNegative(double[][] features, double[] times, double tolerance)
    {
        int count = features[0].Length;
        double[][] rows = [.. features.Select((row, i) => row.Select(value => value / (Math.Max(0, times[i]) + tolerance)).ToArray())];
        double[] coefficients = new double[count];
        double[] residuals = [.. times.Select(time => Math.Max(0, time) / (Math.Max(0, time) + tolerance))];
        double[] norms = [.. Enumerable.Range(0, count).Select(column => rows.Sum(row => row[column] * row[column]))];
        for (int sweep = 0; sweep < Sweeps; sweep++)
            for (int column = 0; column < count; column++)
            {
                if (norms[column] == 0)
                    continue;
                double gradient = 0;
                for (int i = 0; i < rows.Length; i++)
                    gradient += rows[i][column] * residuals[i];
                double next = Math.Max(0, coefficients[column] + (gradient / norms[column]));
                double step = next - coefficients[column];
                coefficients[column] = next;
                for (int i = 0; i < rows.Length; i++)
                    residuals[i] -= rows[i][column] * step;
            }
        return coefficients;
    }
}
