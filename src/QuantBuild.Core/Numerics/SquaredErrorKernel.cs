using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace QuantBuild.Numerics;

/// <summary>Sums of squares in double, for signal-to-noise ratios.</summary>
/// <param name="Error">Σ (reference − other)²</param>
/// <param name="Signal">Σ reference²</param>
internal readonly record struct SquaredSums(double Error, double Signal)
{
    public static SquaredSums operator +(SquaredSums left, SquaredSums right) =>
        new(left.Error + right.Error, left.Signal + right.Signal);

    /// <summary>10 · log₁₀(signal / error); +∞ without error, NaN without signal and error.</summary>
    public double SqnrDecibels => 10 * Math.Log10(Signal / Error);
}

/// <summary>Squared difference of two tensors.</summary>
/// <remarks>Addition of floats is not associative, so the order is part of the definition: the source is cut into blocks of
/// <see cref="BlockLength"/>; within a block the element i is added to the accumulator i mod <see cref="Accumulators"/>, the accumulators are
/// added from first to last, and so are the blocks. Every vector width and, when threads take whole blocks, every number of threads gives the
/// same bits. The sum differs from a sequential one by rounding only: at most 2⁻⁵³ · (n/16 + 16) relative, for n elements.</remarks>
internal static class SquaredErrorKernel
{
    public const int BlockLength = 4096;

    private const int Accumulators = SixteenDoubles.Count;

    public static SquaredSums Sum(ReadOnlySpan<float> reference, ReadOnlySpan<float> other)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(other.Length, reference.Length);
        SquaredSums sums = default;
        for (int start = 0; start < reference.Length; start += BlockLength)
        {
            int length = Math.Min(BlockLength, reference.Length - start);
            sums += SumBlock(reference.Slice(start, length), other.Slice(start, length));
        }

        return sums;
    }

    /// <summary>The reference.</summary>
    public static SquaredSums SumScalar(ReadOnlySpan<float> reference, ReadOnlySpan<float> other)
    {
        SquaredSums sums = default;
        Span<double> accumulators = stackalloc double[2 * Accumulators];
        for (int start = 0; start < reference.Length; start += BlockLength)
        {
            int length = Math.Min(BlockLength, reference.Length - start);
            accumulators.Clear();
            AddScalar(reference.Slice(start, length), other.Slice(start, length), accumulators);
            sums += Total(accumulators);
        }

        return sums;
    }

    private static SquaredSums SumBlock(ReadOnlySpan<float> reference, ReadOnlySpan<float> other)
    {
        Span<double> accumulators = stackalloc double[2 * Accumulators];
        accumulators.Clear();
        int done = Vector128.IsHardwareAccelerated ? AddVectors(reference, other, accumulators) : 0;
        AddScalar(reference[done..], other[done..], accumulators);
        return Total(accumulators);
    }

    /// <param name="accumulators">Of the error, then of the signal.</param>
    private static void AddScalar(ReadOnlySpan<float> reference, ReadOnlySpan<float> other, Span<double> accumulators)
    {
        for (int i = 0; i < reference.Length; i++)
        {
            double difference = (double)reference[i] - other[i];
            accumulators[i % Accumulators] += difference * difference;
            accumulators[Accumulators + (i % Accumulators)] += (double)reference[i] * reference[i];
        }
    }

    /// <returns>Elements done; a multiple of <see cref="Accumulators"/>.</returns>
    private static int AddVectors(ReadOnlySpan<float> reference, ReadOnlySpan<float> other, Span<double> accumulators)
    {
        ref float left = ref MemoryMarshal.GetReference(reference);
        ref float right = ref MemoryMarshal.GetReference(other);
        SixteenDoubles error = default;
        SixteenDoubles signal = default;
        int position = 0;
        for (; position <= reference.Length - Accumulators; position += Accumulators)
        {
            SixteenDoubles value = SixteenDoubles.Load(ref left, position);
            SixteenDoubles difference = value - SixteenDoubles.Load(ref right, position);
            error += difference * difference;
            signal += value * value;
        }

        error.Store(ref accumulators[0]);
        signal.Store(ref accumulators[Accumulators]);
        return position;
    }

    private static SquaredSums Total(ReadOnlySpan<double> accumulators)
    {
        double error = 0;
        double signal = 0;
        for (int i = 0; i < Accumulators; i++)
        {
            error += accumulators[i];
            signal += accumulators[Accumulators + i];
        }

        return new SquaredSums(error, signal);
    }
}
