using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Floats = System.Runtime.Intrinsics.Vector128<float>;

namespace QuantBuild.Numerics;

/// <inheritdoc/>
internal readonly struct FloatVector128(Floats value) : IFloatVector<FloatVector128>
{
    private readonly Floats value = value;

    public static int Count => Floats.Count;

    public static FloatVector128 Create(float value) => new(Vector128.Create(value));

    public static FloatVector128 Load(ref readonly float source, int index) =>
        new(Vector128.LoadUnsafe(in source, (nuint)index));

    public static (FloatVector128 First, FloatVector128 Second, FloatVector128 Third, FloatVector128 Fourth) LoadUInt8(
        ref readonly byte source, int index)
    {
        (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(Vector128.LoadUnsafe(in source, (nuint)index));
        (Vector128<uint> first, Vector128<uint> second) = Vector128.Widen(low);
        (Vector128<uint> third, Vector128<uint> fourth) = Vector128.Widen(high);
        return (Float(first.AsInt32()), Float(second.AsInt32()), Float(third.AsInt32()), Float(fourth.AsInt32()));
    }

    public static (FloatVector128 First, FloatVector128 Second, FloatVector128 Third, FloatVector128 Fourth) LoadInt8(
        ref readonly byte source, int index)
    {
        (Vector128<short> low, Vector128<short> high) = Vector128.Widen(Vector128.LoadUnsafe(in source, (nuint)index).AsSByte());
        (Vector128<int> first, Vector128<int> second) = Vector128.Widen(low);
        (Vector128<int> third, Vector128<int> fourth) = Vector128.Widen(high);
        return (Float(first), Float(second), Float(third), Float(fourth));
    }

    public static void Store(FloatVector128 source, ref float destination, int index) =>
        source.value.StoreUnsafe(ref destination, (nuint)index);

    public static void StoreInt32(FloatVector128 source, ref int destination, int index) =>
        Vector128.ConvertToInt32Native(source.value).StoreUnsafe(ref destination, (nuint)index);

    public static void StoreLowBytes(
        FloatVector128 first, FloatVector128 second, FloatVector128 third, FloatVector128 fourth, ref byte destination, int index)
    {
        Vector128<short> low = Vector128.Narrow(Vector128.ConvertToInt32Native(first.value), Vector128.ConvertToInt32Native(second.value));
        Vector128<short> high = Vector128.Narrow(Vector128.ConvertToInt32Native(third.value), Vector128.ConvertToInt32Native(fourth.value));
        Vector128.Narrow(low.AsUInt16(), high.AsUInt16()).StoreUnsafe(ref destination, (nuint)index);
    }

    public static FloatVector128 operator +(FloatVector128 left, FloatVector128 right) => new(left.value + right.value);

    public static FloatVector128 operator -(FloatVector128 left, FloatVector128 right) => new(left.value - right.value);

    public static FloatVector128 operator *(FloatVector128 left, FloatVector128 right) => new(left.value * right.value);

    public static FloatVector128 operator /(FloatVector128 left, FloatVector128 right) => new(left.value / right.value);

    public static FloatVector128 MultiplyAdd(FloatVector128 left, FloatVector128 right, FloatVector128 addend) =>
        new(Vector128.FusedMultiplyAdd(left.value, right.value, addend.value));

    public static FloatVector128 AtLeast(FloatVector128 value, FloatVector128 bound) =>
        new(X86Base.IsSupported
            ? Vector128.MaxNative(value.value, bound.value)
            : Vector128.ConditionalSelect(Vector128.GreaterThan(value.value, bound.value), value.value, bound.value));

    public static FloatVector128 AtMost(FloatVector128 value, FloatVector128 bound) =>
        new(X86Base.IsSupported
            ? Vector128.MinNative(value.value, bound.value)
            : Vector128.ConditionalSelect(Vector128.LessThan(value.value, bound.value), value.value, bound.value));

    public static FloatVector128 SelectNegative(FloatVector128 condition, FloatVector128 negative, FloatVector128 other) =>
        new(Vector128.ConditionalSelect(Vector128.LessThan(condition.value, Floats.Zero), negative.value, other.value));

    public static FloatVector128 Round(FloatVector128 value) => new(Vector128.Round(value.value));

    public static FloatVector128 Floor(FloatVector128 value) => new(Vector128.Floor(value.value));

    public static FloatVector128 MarkNaN(FloatVector128 marks, FloatVector128 value) =>
        new(marks.value | ~Vector128.Equals(value.value, value.value));

    public static bool HasMarks(FloatVector128 marks) => marks.value.AsInt32() != Vector128<int>.Zero;

    private static FloatVector128 Float(Vector128<int> integers) => new(Vector128.ConvertToSingle(integers));
}
