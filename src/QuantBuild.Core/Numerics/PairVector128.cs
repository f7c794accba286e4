using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Integers = System.Runtime.Intrinsics.Vector128<int>;

namespace QuantBuild.Numerics;

/// <inheritdoc/>
internal readonly struct PairVector128(Integers value) : IPairVector<PairVector128>
{
    private readonly Integers value = value;

    public static int Count => Integers.Count;

    public static PairVector128 Load(ref readonly int source, int index) => new(Vector128.LoadUnsafe(in source, (nuint)index));

    public static PairVector128 Broadcast(int pair) => new(Vector128.Create(pair));

    public static PairVector128 MultiplyAdd(PairVector128 sum, PairVector128 left, PairVector128 right) =>
        new(sum.value + (Sse2.IsSupported
            ? Sse2.MultiplyAddAdjacent(left.value.AsInt16(), right.value.AsInt16())
            : (Low(left.value) * Low(right.value)) + ((left.value >> 16) * (right.value >> 16))));

    public static void AddTo(PairVector128 source, ref long destination, int index)
    {
        (Vector128<long> low, Vector128<long> high) = Vector128.Widen(source.value);
        (Vector128.LoadUnsafe(ref destination, (nuint)index) + low).StoreUnsafe(ref destination, (nuint)index);
        nuint next = (nuint)(index + Vector128<long>.Count);
        (Vector128.LoadUnsafe(ref destination, next) + high).StoreUnsafe(ref destination, next);
    }

    private static Integers Low(Integers pairs) => (pairs << 16) >> 16;
}
