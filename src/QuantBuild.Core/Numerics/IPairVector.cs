namespace QuantBuild.Numerics;

/// <summary>One hardware register of int32, which also holds as many pairs of int16, so that a kernel is written once and compiled for every width.</summary>
/// <remarks>Exact, hence the same at every width. Indices are not checked; kernels check lengths once.</remarks>
internal interface IPairVector<TSelf>
    where TSelf : struct, IPairVector<TSelf>
{
    /// <summary>Integers, or pairs, in one register.</summary>
    static abstract int Count { get; }

    static abstract TSelf Load(ref readonly int source, int index);

    static abstract TSelf Broadcast(int pair);

    /// <summary>For every pair <c>sum + left.low · right.low + left.high · right.high</c>, in int32.</summary>
    static abstract TSelf MultiplyAdd(TSelf sum, TSelf left, TSelf right);

    /// <summary>Adds the integers to as many of 64 bits.</summary>
    static abstract void AddTo(TSelf source, ref long destination, int index);
}
