using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Integers = System.Runtime.Intrinsics.Vector512<int>;

namespace QuantBuild.Numerics;

/// <inheritdoc/>
internal readonly struct PairVector512(Integers value) : IPairVector<PairVector512>
{
    private readonly Integers value = value;

    public static int Count => Integers.Count;

    public static PairVector512 Load(ref readonly int source, int index) => new(Vector512.LoadUnsafe(in source, (nuint)index));

    public static PairVector512 Broadcast(int pair) => new(Vector512.Create(pair));

    public static PairVector512 MultiplyAdd(PairVector512 sum, PairVector512 left, PairVector512 right) =>
        new(sum.value + (Avx512BW.IsSupported
            ? Avx512BW.MultiplyAddAdjacent(left.value.AsInt16(), right.value.AsInt16())
            : (Low(left.value) * Low(right.value)) + ((left.value >> 16) * (right.value >> 16))));

    public static void AddTo(PairVector512 source, ref long destination, int index)
    {
        (Vector512<long> low, Vector512<long> high) = Vector512.Widen(source.value);
        (Vector512.LoadUnsafe(ref destination, (nuint)index) + low).StoreUnsafe(ref destination, (nuint)index);
        nuint next = (nuint)(index + Vector512<long>.Count);
        (Vector512.LoadUnsafe(ref destination, next) + high).StoreUnsafe(ref destination, next);
    }

    private static Integers Low(Integers pairs) => (pairs << 16) >> 16;
}
