namespace QuantBuild.Search;

/// <summary>Corrects what each layer is expected to add to the noise, by what was measured of whole models.</summary>
/// <remarks>
/// Each option has an unknown factor around 1. A measured candidate tells the sum of its options' noises times their factors; the factors
/// that are most probable then follow from a system with one row per candidate (linear regression with a Gaussian prior). Candidates that
/// differ in few layers tell most about these.
/// </remarks>
internal static class LayerNoise
{
    /// <summary>How far factors are from 1, as standard deviation.</summary>
    private const double Spread = 0.5;

    /// <summary>How alike the factors of two options of a layer are.</summary>
    private const double Likeness = 0.5;

    /// <summary>By how much measured noise differs from any sum, relatively.</summary>
    private const double Misfit = 0.05;

    private const double LeastFactor = 0.2;

    private const double MostFactor = 5;

    /// <summary>The same choices with the noises to expect in a measurement.</summary>
    public static ChoiceSpace Corrected(ChoiceSpace space, IReadOnlyList<(int[] Choice, double Noise)> measured, double bias)
    {
        (int[] Choice, double[] Shares, double Miss)[] rows =
        [
            .. from one in measured
               let expected = space.NoiseOf(one.Choice) * bias
               where expected > 0 && one.Noise > 0 && double.IsFinite(one.Noise) && double.IsFinite(expected)
               select (one.Choice, Shares(space, one.Choice), Math.Clamp(one.Noise / expected, LeastFactor, MostFactor) - 1),
        ];
        double[] weights = Weights(rows);
        return space.WithNoises(
        [
            .. space.Rows.Select((row, layer) => row.Select((option, place) => option.Noise * bias * Factor(layer, place)).ToArray()),
        ]);

        double Factor(int layer, int place)
        {
            double factor = 1;
            for (int k = 0; k < rows.Length; k++)
                factor += Spread * Spread * weights[k] * rows[k].Shares[layer] * (rows[k].Choice[layer] == place ? 1 : Likeness);
            return Math.Clamp(factor, LeastFactor, MostFactor);
        }
    }

    private static double[] Shares(ChoiceSpace space, int[] choice)
    {
        double whole = space.NoiseOf(choice);
        return [.. choice.Select((place, layer) => space.Rows[layer][place].Noise / whole)];
    }

    /// <summary>Solves (covariance + misfit² · 1) · weights = misses by elimination; the matrix is positive definite.</summary>
    private static double[] Weights((int[] Choice, double[] Shares, double Miss)[] rows)
    {
        int count = rows.Length;
        var matrix = new double[count, count];
        double[] weights = [.. rows.Select(row => row.Miss)];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
                matrix[i, j] = (Spread * Spread * Covariance(rows[i], rows[j])) + (i == j ? Misfit * Misfit : 0);
        }

        for (int pivot = 0; pivot < count; pivot++)
        {
            for (int row = pivot + 1; row < count; row++)
            {
                double factor = matrix[row, pivot] / matrix[pivot, pivot];
                for (int column = pivot; column < count; column++)
                    matrix[row, column] -= factor * matrix[pivot, column];
                weights[row] -= factor * weights[pivot];
            }
        }

        for (int row = count - 1; row >= 0; row--)
        {
            for (int column = row + 1; column < count; column++)
                weights[row] -= matrix[row, column] * weights[column];
            weights[row] /= matrix[row, row];
        }

        return weights;
    }

    private static double Covariance((int[] Choice, double[] Shares, double Miss) one, (int[] Choice, double[] Shares, double Miss) other)
    {
        double sum = 0;
        for (int layer = 0; layer < one.Choice.Length; layer++)
            sum += one.Shares[layer] * other.Shares[layer] * (one.Choice[layer] == other.Choice[layer] ? 1 : Likeness);
        return sum;
    }
}
