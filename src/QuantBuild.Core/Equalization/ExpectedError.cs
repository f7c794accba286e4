using System.Numerics;

namespace QuantBuild.Equalization;

/// <summary>
/// The error that rounding leaves in the products of a value's readers when channel c of the value is shifted by m_c and divided by s_c.
/// Rounding
/// errors are taken as even noise:
/// <code>
/// activation  Δ²/12 · Σ_c s_c² · Σ_k W_kc²                      Δ   = range of (x − m) / s with zero, over 255
/// weights     R · Σ_k Δ_k²/12 · Σ_c E[x_c²] / s_c²              Δ_k = max_c |s_c · W_kc| / 127
/// </code>
/// </summary>
/// <remarks>
/// What divides the channels changes no scale of the node that makes them, as every output channel has one of its own, and this sum is
/// in units of the
/// readers' outputs: so values are independent of each other, and one visit of each gives what sweeps over all would.
/// </remarks>
internal sealed class ExpectedError
{
    /// <summary>R: part of the power of the weights' rounding noise that compensating the errors leaves.</summary>
    private const double LeftByCompensation = 0.5;

    /// <summary>Even noise of one step has this part of its square as power.</summary>
    private const double UniformVariance = 12;

    /// <summary>Ranges are tried down to this part of what was seen, each this part of the one before.</summary>
    private const double SmallestPart = 0.25;

    private const double PartStep = 0.9;

    private const double ActivationCodes = 255;
    private const double WeightCodes = 127;

    private readonly ChannelStatistics channels;
    private readonly double[] norms;
    private readonly List<Reader> readers = [];

    public ExpectedError(ChannelStatistics channels, IReadOnlyList<WeightedReader> weighted)
    {
        this.channels = channels;
        norms = new double[channels.Count];
        foreach (WeightedReader reader in weighted)
        {
            double[] own = reader.Norms();
            for (int c = 0; c < norms.Length; c++)
                norms[c] += own[c];
            IReadOnlyList<(int, float[])> largest = reader.LargestOfOutputs(out double share);
            double perChannel = reader.Repeat * reader.Weights.Positions * LeftByCompensation / share / (WeightCodes * WeightCodes);
            readers.Add(new Reader(largest, perChannel, reader.Bias is null ? channels.Squares : channels.Variances));
        }
    }

    /// <param name="factors">s</param>
    /// <param name="shifts">m</param>
    public double Of(float[] factors, float[] shifts)
    {
        double low = 0, high = 0;
        for (int c = 0; c < factors.Length; c++)
        {
            low = Math.Min(low, (channels.Low[c] - shifts[c]) / factors[c]);
            high = Math.Max(high, (channels.High[c] - shifts[c]) / factors[c]);
        }
        double least = double.PositiveInfinity, activation = 0;
        for (double part = 1; part >= SmallestPart; part *= PartStep)
        {
            (double own, double inProducts) = ActivationNoise(factors, shifts, low * part, high * part);
            if (own < least)
                (least, activation) = (own, inProducts);
        }
        return activation + readers.Sum(reader => WeightNoise(reader, factors));
    }

    /// <summary>Of a range: the error of the value itself, by which ranges are chosen, and what it does to the products.</summary>
    private (double Own, double InProducts) ActivationNoise(float[] factors, float[] shifts, double low, double high)
    {
        double step = (high - low) / ActivationCodes;
        double own = 0, products = 0;
        for (int c = 0; c < factors.Length; c++)
        {
            double scale = (double)factors[c] * factors[c];
            double cut = channels.Tails[c].Above(shifts[c] + (high * factors[c])) + channels.Tails[c].Below(shifts[c] + (low * factors[c]));
            double noise = (scale * step * step / UniformVariance * (shifts[c] == 0 ? channels.Rounded[c] : 1)) + cut;
            own += noise / scale;
            products += noise * norms[c];
        }
        return (own, products);
    }

    private static double WeightNoise(Reader reader, float[] factors)
    {
        double noise = 0, power = 0;
        int summed = -1;
        foreach ((int first, float[] largest) in reader.Outputs)
        {
            if (first != summed)
            {
                power = 0;
                for (int c = first; c < first + largest.Length; c++)
                    power += reader.Power[c] / ((double)factors[c] * factors[c]);
                summed = first;
            }
            double most = LargestProduct(largest, factors.AsSpan(first, largest.Length));
            noise += most * most * power;
        }
        return noise * reader.PerChannel / UniformVariance;
    }

    /// <summary>max a·b; the same for every width of vectors.</summary>
    private static float LargestProduct(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Vector<float> largest = Vector<float>.Zero;
        int i = 0;
        for (; i <= a.Length - Vector<float>.Count; i += Vector<float>.Count)
            largest = Vector.Max(largest, new Vector<float>(a[i..]) * new Vector<float>(b[i..]));
        float result = 0;
        for (int lane = 0; lane < Vector<float>.Count; lane++)
            result = Math.Max(result, largest[lane]);
        for (; i < a.Length; i++)
            result = Math.Max(result, a[i] * b[i]);
        return result;
    }

    /// <param name="Outputs">See <see cref="WeightedReader.LargestOfOutputs"/>.</param>
    /// <param name="PerChannel">What a squared step of weights in every kernel position, of all output channels, counts.</param>
    private sealed record Reader(IReadOnlyList<(int First, float[] Largest)> Outputs, double PerChannel, double[] Power);
}
