using System.Numerics;
using QuantBuild.Numerics;

namespace QuantBuild.Calibration;

/// <summary>The moving average of the smallest and the largest value of every batch: <c>r ← r + c · (r_t − r)</c>, from r_0 on, with c = 0.01 as in
/// ONNX Runtime's calibration.</summary>
/// <remarks>
/// Written out, it is a sum with weights that follow from the position of a batch alone, so that batches may come in any order:
/// <code>
/// r = (1 − c)^(n − 1) · r_0 + Σ c · (1 − c)^(n − 1 − t) · r_t        t = 1 … n − 1
/// </code>
/// Weights are whole multiples of 2^−40 and every float is one of 2^−149, so that the sums are whole numbers and exact.
/// </remarks>
internal sealed class MovingRange
{
    private const double Constant = 0.01;

    private const int WeightBits = 40;

    /// <summary>Of the smallest float above zero.</summary>
    private const int FractionBits = 149;

    private BigInteger minimum;
    private BigInteger maximum;
    private BigInteger weights;

    /// <summary>The average over the batches that held values; empty before the first.</summary>
    public FloatRange Average => weights.IsZero ? FloatRange.Empty : new FloatRange(Mean(minimum), Mean(maximum), HasNaN: false);

    /// <summary>Share of a batch in the average, in units of 2^−40; at least one, so that values of early batches alone have an average too.</summary>
    /// <param name="index">Of the batch in the whole data set, from zero.</param>
    /// <param name="count">Batches of the whole data set.</param>
    public static long WeightOf(long index, long count)
    {
        // Squaring uses correctly rounded products only; a library's power may differ from machine to machine.
        double weight = index == 0 ? 1 : Constant;
        double factor = 1 - Constant;
        for (long exponent = count - 1 - index; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0)
                weight *= factor;
            factor *= factor;
        }
        return Math.Max(1, (long)Math.Round(Math.ScaleB(weight, WeightBits), MidpointRounding.ToEven));
    }

    /// <param name="range">Of the values of a batch; finite.</param>
    /// <param name="weight">By <see cref="WeightOf"/>.</param>
    public void Add(FloatRange range, long weight)
    {
        minimum += Exact(range.Minimum) * weight;
        maximum += Exact(range.Maximum) * weight;
        weights += weight;
    }

    public void Merge(MovingRange other)
    {
        minimum += other.minimum;
        maximum += other.maximum;
        weights += other.weights;
    }

    /// <summary>In units of the smallest float; exact, as a double holds every float times 2^149.</summary>
    private static BigInteger Exact(float value) => new(Math.ScaleB((double)value, FractionBits));

    private float Mean(BigInteger sum) => (float)Math.ScaleB((double)(sum / weights), -FractionBits);
}
