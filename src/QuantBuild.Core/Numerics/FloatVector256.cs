using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Floats = System.Runtime.Intrinsics.Vector256<float>;

namespace QuantBuild.Numerics;

/// <inheritdoc/>
internal readonly struct FloatVector256(Floats value) : IFloatVector<FloatVector256>
{
    private readonly Floats value = value;

    public static int Count => Floats.Count;

    public static FloatVector256 Create(float value) => new(Vector256.Create(value));

    public static FloatVector256 Load(ref readonly float source, int index) =>
        new(Vector256.LoadUnsafe(in source, (nuint)index));

    public static (FloatVector256 First, FloatVector256 Second, FloatVector256 Third, FloatVector256 Fourth) LoadUInt8(
        ref readonly byte source, int index)
    {
        (Vector256<ushort> low, Vector256<ushort> high) = Vector256.Widen(Vector256.LoadUnsafe(in source, (nuint)index));
        (Vector256<uint> first, Vector256<uint> second) = Vector256.Widen(low);
        (Vector256<uint> third, Vector256<uint> fourth) = Vector256.Widen(high);
        return (Float(first.AsInt32()), Float(second.AsInt32()), Float(third.AsInt32()), Float(fourth.AsInt32()));
    }

    public static (FloatVector256 First, FloatVector256 Second, FloatVector256 Third, FloatVector256 Fourth) LoadInt8(
        ref readonly byte source, int index)
    {
        (Vector256<short> low, Vector256<short> high) = Vector256.Widen(Vector256.LoadUnsafe(in source, (nuint)index).AsSByte());
        (Vector256<int> first, Vector256<int> second) = Vector256.Widen(low);
        (Vector256<int> third, Vector256<int> fourth) = Vector256.Widen(high);
        return (Float(first), Float(second), Float(third), Float(fourth));
    }

    public static void Store(FloatVector256 source, ref float destination, int index) =>
        source.value.StoreUnsafe(ref destination, (nuint)index);

    public static void StoreInt32(FloatVector256 source, ref int destination, int index) =>
        Vector256.ConvertToInt32Native(source.value).StoreUnsafe(ref destination, (nuint)index);

    public static void StoreLowBytes(
        FloatVector256 first, FloatVector256 second, FloatVector256 third, FloatVector256 fourth, ref byte destination, int index)
    {
        Vector256<short> low = Vector256.Narrow(Vector256.ConvertToInt32Native(first.value), Vector256.ConvertToInt32Native(second.value));
        Vector256<short> high = Vector256.Narrow(Vector256.ConvertToInt32Native(third.value), Vector256.ConvertToInt32Native(fourth.value));
        Vector256.Narrow(low.AsUInt16(), high.AsUInt16()).StoreUnsafe(ref destination, (nuint)index);
    }

    public static FloatVector256 operator +(FloatVector256 left, FloatVector256 right) => new(left.value + right.value);

    public static FloatVector256 operator -(FloatVector256 left, FloatVector256 right) => new(left.value - right.value);

    public static FloatVector256 operator *(FloatVector256 left, FloatVector256 right) => new(left.value * right.value);

    public static FloatVector256 operator /(FloatVector256 left, FloatVector256 right) => new(left.value / right.value);

    public static FloatVector256 MultiplyAdd(FloatVector256 left, FloatVector256 right, FloatVector256 addend) =>
        new(Vector256.FusedMultiplyAdd(left.value, right.value, addend.value));

    public static FloatVector256 AtLeast(FloatVector256 value, FloatVector256 bound) =>
        new(X86Base.IsSupported
            ? Vector256.MaxNative(value.value, bound.value)
            : Vector256.ConditionalSelect(Vector256.GreaterThan(value.value, bound.value), value.value, bound.value));

    public static FloatVector256 AtMost(FloatVector256 value, FloatVector256 bound) =>
        new(X86Base.IsSupported
            ? Vector256.MinNative(value.value, bound.value)
            : Vector256.ConditionalSelect(Vector256.LessThan(value.value, bound.value), value.value, bound.value));

    public static FloatVector256 SelectNegative(FloatVector256 condition, FloatVector256 negative, FloatVector256 other) =>
        new(Vector256.ConditionalSelect(Vector256.LessThan(condition.value, Floats.Zero), negative.value, other.value));

    public static FloatVector256 Round(FloatVector256 value) => new(Vector256.Round(value.value));

    public static FloatVector256 Floor(FloatVector256 value) => new(Vector256.Floor(value.value));

    public static FloatVector256 MarkNaN(FloatVector256 marks, FloatVector256 value) =>
        new(marks.value | ~Vector256.Equals(value.value, value.value));

    public static bool HasMarks(FloatVector256 marks) => marks.value.AsInt32() != Vector256<int>.Zero;

    private static FloatVector256 Float(Vector256<int> integers) => new(Vector256.ConvertToSingle(integers));
}
