namespace QuantBuild.Numerics;

/// <summary>One hardware register of floats, so that each kernel is written once and compiled for every width.</summary>
/// <remarks>Every operation gives the same bits at every width: it is exact, correctly rounded, or a comparison.
/// Indices are not checked; kernels check lengths once.</remarks>
internal interface IFloatVector<TSelf>
    where TSelf : struct, IFloatVector<TSelf>
{
    /// <summary>Floats in one register; a power of two, at most 16.</summary>
    static abstract int Count { get; }

    static abstract TSelf Create(float value);

    static abstract TSelf Load(ref readonly float source, int index);

    /// <summary>The four vectors of integers 0 to 255 that start at <paramref name="index"/>.</summary>
    static abstract (TSelf First, TSelf Second, TSelf Third, TSelf Fourth) LoadUInt8(ref readonly byte source, int index);

    /// <summary>The four vectors of integers −128 to 127 that start at <paramref name="index"/>.</summary>
    static abstract (TSelf First, TSelf Second, TSelf Third, TSelf Fourth) LoadInt8(ref readonly byte source, int index);

    static abstract void Store(TSelf source, ref float destination, int index);

    /// <param name="source">Integers of the range of int32.</param>
    static abstract void StoreInt32(TSelf source, ref int destination, int index);

    /// <summary>Stores the low eight bits of four vectors of integers: 0 to 255 become bytes, −128 to 127 the same bits as signed bytes.</summary>
    static abstract void StoreLowBytes(TSelf first, TSelf second, TSelf third, TSelf fourth, ref byte destination, int index);

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    static abstract TSelf operator /(TSelf left, TSelf right);

    /// <summary><c>left · right + addend</c>, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf left, TSelf right, TSelf addend);

    /// <summary><c>value &gt; bound ? value : bound</c>, so NaN becomes the bound. This is what x86 defines for MAXPS (Intel's manual, volume 2: the
    /// second operand when one is NaN or both are zero); beside comparing and selecting it makes scans 1.7 times as fast with AVX-512, and
    /// quantization 1.3 times with AVX-512 and 2.3 times with AVX2. The instructions of other processors treat NaN otherwise.</summary>
    static abstract TSelf AtLeast(TSelf value, TSelf bound);

    /// <summary><c>value &lt; bound ? value : bound</c>, so NaN becomes the bound; on x86 MINPS, as above.</summary>
    static abstract TSelf AtMost(TSelf value, TSelf bound);

    /// <summary><c>condition &lt; 0 ? negative : other</c></summary>
    static abstract TSelf SelectNegative(TSelf condition, TSelf negative, TSelf other);

    /// <summary>To the nearest integer, half to even.</summary>
    static abstract TSelf Round(TSelf value);

    static abstract TSelf Floor(TSelf value);

    /// <summary>Sets the bits of <paramref name="marks"/> where <paramref name="value"/> is NaN.</summary>
    static abstract TSelf MarkNaN(TSelf marks, TSelf value);

    static abstract bool HasMarks(TSelf marks);
}
