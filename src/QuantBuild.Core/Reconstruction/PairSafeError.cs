using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using QuantBuild.Numerics;

namespace QuantBuild.Reconstruction;

/// <summary>The squared error of a channel's nearest safe codes, for the search of its scale.</summary>
/// <remarks>The error of position p goes to sum p mod 16; these sixteen are added in halves. So the result is the same for every width of vectors.</remarks>
internal static class PairSafeError
{
    private const int Block = SixteenDoubles.Count;

    /// <param name="weights">In the kernel's order of summation.</param>
    /// <param name="importance">What each squared error counts; none: all the same.</param>
    /// <param name="pairs">True when the kernel adds products in pairs.</param>
    public static double Of(ReadOnlySpan<float> weights, ReadOnlySpan<float> importance, float scale, bool pairs)
    {
        Span<double> sums = stackalloc double[Block];
        sums.Clear();
        int done = Vector512.IsHardwareAccelerated || Vector256.IsHardwareAccelerated ? AddBlocks(weights, importance, scale, pairs, sums) : 0;
        AddScalar(weights[done..], importance.IsEmpty ? importance : importance[done..], scale, pairs, sums);
        return SixteenDoubles.Load(ref MemoryMarshal.GetReference(sums)).Sum();
    }

    /// <summary>The reference.</summary>
    internal static double OfScalar(ReadOnlySpan<float> weights, ReadOnlySpan<float> importance, float scale, bool pairs)
    {
        Span<double> sums = stackalloc double[Block];
        sums.Clear();
        AddScalar(weights, importance, scale, pairs, sums);
        return SixteenDoubles.Load(ref MemoryMarshal.GetReference(sums)).Sum();
    }

    /// <returns>Weights done: whole blocks.</returns>
    private static int AddBlocks(ReadOnlySpan<float> weights, ReadOnlySpan<float> importance, float scale, bool pairs, Span<double> sums)
    {
        ref float start = ref MemoryMarshal.GetReference(weights);
        ref float counts = ref MemoryMarshal.GetReference(importance);
        Vector512<float> scales = Vector512.Create(scale);
        Vector512<float> most = Vector512.Create((float)PairSafeChannel.CodeLimit);
        Vector512<float> limit = Vector512.Create((float)PairSafeChannel.PairLimit);
        Vector512<int> partners = Vector512.Create(1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
        Vector512<double> wide = Vector512.Create((double)scale);
        Vector512<double> low = Vector512.LoadUnsafe(ref sums[0]);
        Vector512<double> high = Vector512.LoadUnsafe(ref sums[8]);
        int position = 0;
        for (; position <= weights.Length - Block; position += Block)
        {
            Vector512<float> values = Vector512.LoadUnsafe(ref start, (nuint)position);
            Vector512<float> codes = Vector512.Min(Vector512.Max(Vector512.Round(values / scales), -most), most);
            if (pairs && Vector512.GreaterThanAny(Vector512.Abs(codes + Vector512.Shuffle(codes, partners)), limit))
            {
                low.StoreUnsafe(ref sums[0]);
                high.StoreUnsafe(ref sums[8]);
                AddScalar(weights.Slice(position, Block), importance.IsEmpty ? importance : importance.Slice(position, Block), scale, pairs, sums);
                low = Vector512.LoadUnsafe(ref sums[0]);
                high = Vector512.LoadUnsafe(ref sums[8]);
                continue;
            }
            (Vector512<double> lowCodes, Vector512<double> highCodes) = Vector512.Widen(codes);
            (Vector512<double> lowValues, Vector512<double> highValues) = Vector512.Widen(values);
            Vector512<double> lowDifference = lowValues - (lowCodes * wide);
            Vector512<double> highDifference = highValues - (highCodes * wide);
            if (importance.IsEmpty)
            {
                low += lowDifference * lowDifference;
                high += highDifference * highDifference;
            }
            else
            {
                (Vector512<double> lowCounts, Vector512<double> highCounts) = Vector512.Widen(Vector512.LoadUnsafe(ref counts, (nuint)position));
                low += lowCounts * (lowDifference * lowDifference);
                high += highCounts * (highDifference * highDifference);
            }
        }
        low.StoreUnsafe(ref sums[0]);
        high.StoreUnsafe(ref sums[8]);
        return position;
    }

    private static void AddScalar(ReadOnlySpan<float> weights, ReadOnlySpan<float> importance, float scale, bool pairs, Span<double> sums)
    {
        Span<sbyte> codes = stackalloc sbyte[Block];
        for (int start = 0; start < weights.Length; start += Block)
        {
            int length = Math.Min(Block, weights.Length - start);
            PairSafeChannel.Round(weights.Slice(start, length), importance.IsEmpty ? importance : importance.Slice(start, length), scale, pairs, codes);
            for (int i = 0; i < length; i++)
            {
                double difference = weights[start + i] - ((double)codes[i] * scale);
                sums[i] += (importance.IsEmpty ? 1 : importance[start + i]) * (difference * difference);
            }
        }
    }
}
