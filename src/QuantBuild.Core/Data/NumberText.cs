using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using QuantBuild.Onnx;

namespace QuantBuild.Data;

/// <summary>Numbers of text formats as elements of a type that the text does not name. What the type cannot hold is refused, never rounded to fit;
/// decimal fractions become the nearest floats.</summary>
internal static class NumberText
{
    /// <summary>Doubles are whole numbers without gaps up to here.</summary>
    private const double LargestExact = 1L << 53;

    public static bool CanHold(OnnxElementType type) => type is OnnxElementType.Float or OnnxElementType.Double or OnnxElementType.Float16
        or OnnxElementType.Int8 or OnnxElementType.Int16 or OnnxElementType.Int32 or OnnxElementType.Int64
        or OnnxElementType.UInt8 or OnnxElementType.UInt16 or OnnxElementType.UInt32 or OnnxElementType.UInt64 or OnnxElementType.Bool;

    /// <param name="utf8">A number with a decimal point, or none, in any culture.</param>
    /// <returns>False when it is no number, or none that the type holds.</returns>
    public static bool TryAppend(OnnxElementType type, ReadOnlySpan<byte> utf8, IBufferWriter<byte> destination) => type switch
    {
        OnnxElementType.Float => TryFloat<float>(utf8, destination),
        OnnxElementType.Double => TryFloat<double>(utf8, destination),
        OnnxElementType.Float16 => TryFloat<Half>(utf8, destination),
        OnnxElementType.Int8 => TryInteger<sbyte>(utf8, destination),
        OnnxElementType.Int16 => TryInteger<short>(utf8, destination),
        OnnxElementType.Int32 => TryInteger<int>(utf8, destination),
        OnnxElementType.Int64 => TryInteger<long>(utf8, destination),
        OnnxElementType.UInt8 => TryInteger<byte>(utf8, destination),
        OnnxElementType.UInt16 => TryInteger<ushort>(utf8, destination),
        OnnxElementType.UInt32 => TryInteger<uint>(utf8, destination),
        OnnxElementType.UInt64 => TryInteger<ulong>(utf8, destination),
        OnnxElementType.Bool => (utf8.SequenceEqual("0"u8) || utf8.SequenceEqual("1"u8)) && Append((byte)(utf8[0] - '0'), destination),
        _ => false,
    };

    public static bool IsInteger(ReadOnlySpan<byte> utf8) => long.TryParse(utf8, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    public static bool IsNumber(ReadOnlySpan<byte> utf8) =>
        double.TryParse(utf8, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value);

    private static bool TryFloat<T>(ReadOnlySpan<byte> utf8, IBufferWriter<byte> destination)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        T.TryParse(utf8, NumberStyles.Float, CultureInfo.InvariantCulture, out T value) && T.IsFinite(value) && Append(value, destination);

    private static bool TryInteger<T>(ReadOnlySpan<byte> utf8, IBufferWriter<byte> destination)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (T.TryParse(utf8, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out T value))
            return Append(value, destination);
        return double.TryParse(utf8, NumberStyles.Float, CultureInfo.InvariantCulture, out double whole)
            && double.IsInteger(whole) && Math.Abs(whole) <= LargestExact && T.CreateSaturating(whole) is var converted
            && double.CreateSaturating(converted) == whole && Append(converted, destination);
    }

    private static bool Append<T>(T value, IBufferWriter<byte> destination)
        where T : unmanaged
    {
        destination.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(ref value)));
        return true;
    }
}
