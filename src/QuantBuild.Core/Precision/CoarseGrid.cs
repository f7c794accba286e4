namespace QuantBuild.Precision;

/// <summary>Scales with few bits, so that a last bit that another machine computes differently gives the same scale in nearly every case.</summary>
internal static class CoarseGrid
{
    /// <summary>Neighbours on the grid are 2^−10 to 2^−11 apart: a range grows by less than a quarter of a step at its far end.</summary>
    private const int MantissaBits = 10;

    /// <summary>A scale that is above a number of the grid by no more counts as that number. Scales of round numbers lie on the grid, and what is computed
    /// may lie a few last bits on either side of them.</summary>
    private const double Slack = 1.0 / (1 << 18);

    /// <summary>The smallest number of the grid that is not below <paramref name="value"/>, but for <see cref="Slack"/>.</summary>
    /// <param name="value">Positive and normal.</param>
    public static float Up(double value)
    {
        double reduced = value * (1 - Slack);
        int exponent = Math.ILogB(reduced) - MantissaBits;
        return (float)Math.ScaleB(Math.Ceiling(Math.ScaleB(reduced, -exponent)), exponent);
    }
}
