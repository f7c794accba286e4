using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Floats = System.Runtime.Intrinsics.Vector512<float>;

namespace QuantBuild.Numerics;

/// <inheritdoc/>
internal readonly struct FloatVector512(Floats value) : IFloatVector<FloatVector512>
{
    private readonly Floats value = value;

    public static int Count => Floats.Count;

    public static FloatVector512 Create(float value) => new(Vector512.Create(value));

    public static FloatVector512 Load(ref readonly float source, int index) =>
        new(Vector512.LoadUnsafe(in source, (nuint)index));

    public static (FloatVector512 First, FloatVector512 Second, FloatVector512 Third, FloatVector512 Fourth) LoadUInt8(
        ref readonly byte source, int index)
    {
        (Vector512<ushort> low, Vector512<ushort> high) = Vector512.Widen(Vector512.LoadUnsafe(in source, (nuint)index));
        (Vector512<uint> first, Vector512<uint> second) = Vector512.Widen(low);
        (Vector512<uint> third, Vector512<uint> fourth) = Vector512.Widen(high);
        return (Float(first.AsInt32()), Float(second.AsInt32()), Float(third.AsInt32()), Float(fourth.AsInt32()));
    }

    public static (FloatVector512 First, FloatVector512 Second, FloatVector512 Third, FloatVector512 Fourth) LoadInt8(
        ref readonly byte source, int index)
    {
        (Vector512<short> low, Vector512<short> high) = Vector512.Widen(Vector512.LoadUnsafe(in source, (nuint)index).AsSByte());
        (Vector512<int> first, Vector512<int> second) = Vector512.Widen(low);
        (Vector512<int> third, Vector512<int> fourth) = Vector512.Widen(high);
        return (Float(first), Float(second), Float(third), Float(fourth));
    }

    public static void Store(FloatVector512 source, ref float destination, int index) =>
        source.value.StoreUnsafe(ref destination, (nuint)index);

    public static void StoreInt32(FloatVector512 source, ref int destination, int index) =>
        Vector512.ConvertToInt32Native(source.value).StoreUnsafe(ref destination, (nuint)index);

    public static void StoreLowBytes(
        FloatVector512 first, FloatVector512 second, FloatVector512 third, FloatVector512 fourth, ref byte destination, int index)
    {
        Vector512<short> low = Vector512.Narrow(Vector512.ConvertToInt32Native(first.value), Vector512.ConvertToInt32Native(second.value));
        Vector512<short> high = Vector512.Narrow(Vector512.ConvertToInt32Native(third.value), Vector512.ConvertToInt32Native(fourth.value));
        Vector512.Narrow(low.AsUInt16(), high.AsUInt16()).StoreUnsafe(ref destination, (nuint)index);
    }

    public static FloatVector512 operator +(FloatVector512 left, FloatVector512 right) => new(left.value + right.value);

    public static FloatVector512 operator -(FloatVector512 left, FloatVector512 right) => new(left.value - right.value);

    public static FloatVector512 operator *(FloatVector512 left, FloatVector512 right) => new(left.value * right.value);

    public static FloatVector512 operator /(FloatVector512 left, FloatVector512 right) => new(left.value / right.value);

    public static FloatVector512 MultiplyAdd(FloatVector512 left, FloatVector512 right, FloatVector512 addend) =>
        new(Vector512.FusedMultiplyAdd(left.value, right.value, addend.value));

    public static FloatVector512 AtLeast(FloatVector512 value, FloatVector512 bound) =>
        new(X86Base.IsSupported
            ? Vector512.MaxNative(value.value, bound.value)
            : Vector512.ConditionalSelect(Vector512.GreaterThan(value.value, bound.value), value.value, bound.value));

    public static FloatVector512 AtMost(FloatVector512 value, FloatVector512 bound) =>
        new(X86Base.IsSupported
            ? Vector512.MinNative(value.value, bound.value)
            : Vector512.ConditionalSelect(Vector512.LessThan(value.value, bound.value), value.value, bound.value));

    public static FloatVector512 SelectNegative(FloatVector512 condition, FloatVector512 negative, FloatVector512 other) =>
        new(Vector512.ConditionalSelect(Vector512.LessThan(condition.value, Floats.Zero), negative.value, other.value));

    public static FloatVector512 Round(FloatVector512 value) => new(Vector512.Round(value.value));

    public static FloatVector512 Floor(FloatVector512 value) => new(Vector512.Floor(value.value));

    public static FloatVector512 MarkNaN(FloatVector512 marks, FloatVector512 value) =>
        new(marks.value | ~Vector512.Equals(value.value, value.value));

    public static bool HasMarks(FloatVector512 marks) => marks.value.AsInt32() != Vector512<int>.Zero;

    private static FloatVector512 Float(Vector512<int> integers) => new(Vector512.ConvertToSingle(integers));
}
