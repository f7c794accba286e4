using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Integers = System.Runtime.Intrinsics.Vector256<int>;

namespace QuantBuild.Numerics;

/// <inheritdoc/>
internal readonly struct PairVector256(Integers value) : IPairVector<PairVector256>
{
    private readonly Integers value = value;

    public static int Count => Integers.Count;

    public static PairVector256 Load(ref readonly int source, int index) => new(Vector256.LoadUnsafe(in source, (nuint)index));

    public static PairVector256 Broadcast(int pair) => new(Vector256.Create(pair));

    public static PairVector256 MultiplyAdd(PairVector256 sum, PairVector256 left, PairVector256 right) =>
        new(sum.value + (Avx2.IsSupported
            ? Avx2.MultiplyAddAdjacent(left.value.AsInt16(), right.value.AsInt16())
            : (Low(left.value) * Low(right.value)) + ((left.value >> 16) * (right.value >> 16))));

    public static void AddTo(PairVector256 source, ref long destination, int index)
    {
        (Vector256<long> low, Vector256<long> high) = Vector256.Widen(source.value);
        (Vector256.LoadUnsafe(ref destination, (nuint)index) + low).StoreUnsafe(ref destination, (nuint)index);
        nuint next = (nuint)(index + Vector256<long>.Count);
        (Vector256.LoadUnsafe(ref destination, next) + high).StoreUnsafe(ref destination, next);
    }

    private static Integers Low(Integers pairs) => (pairs << 16) >> 16;
}
