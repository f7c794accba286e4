using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace QuantBuild.Numerics;

/// <summary>Sixteen doubles, in as many registers as they take, so that sums have the same order at every width. Indices are not checked.</summary>
internal readonly struct SixteenDoubles(Vector512<double> low, Vector512<double> high)
{
    public const int Count = 16;

    private readonly Vector512<double> low = low;
    private readonly Vector512<double> high = high;

    /// <summary>Floats as doubles, which is exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenDoubles Load(ref readonly float source, int index)
    {
        (Vector512<double> low, Vector512<double> high) = Vector512.Widen(Vector512.LoadUnsafe(in source, (nuint)index));
        return new SixteenDoubles(low, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenDoubles Load(ref readonly double source) =>
        new(Vector512.LoadUnsafe(in source), Vector512.LoadUnsafe(in source, (nuint)Vector512<double>.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref double destination)
    {
        low.StoreUnsafe(ref destination);
        high.StoreUnsafe(ref destination, (nuint)Vector512<double>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenDoubles operator +(SixteenDoubles left, SixteenDoubles right) => new(left.low + right.low, left.high + right.high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenDoubles operator -(SixteenDoubles left, SixteenDoubles right) => new(left.low - right.low, left.high - right.high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenDoubles operator *(SixteenDoubles left, SixteenDoubles right) => new(left.low * right.low, left.high * right.high);

    /// <summary>Their sum, added in halves: i + 8 to i, then i + 4, i + 2, i + 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Sum()
    {
        Vector512<double> eight = low + high;
        Vector256<double> four = eight.GetLower() + eight.GetUpper();
        Vector128<double> two = four.GetLower() + four.GetUpper();
        return two[0] + two[1];
    }
}
