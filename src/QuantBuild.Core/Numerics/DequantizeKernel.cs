using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace QuantBuild.Numerics;

/// <summary>Codes to floats, as ONNX <c>DequantizeLinear</c>: <c>(code − zeroPoint) · scale</c>, one rounding, in float32.</summary>
internal static class DequantizeKernel
{
    public static void DequantizeFromUInt8(ReadOnlySpan<byte> source, Span<float> destination, float scale, int zeroPoint)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, source.Length);
        int done = 0;
        if (Vector512.IsHardwareAccelerated)
            done = DequantizeVectors<FloatVector512>(source, destination, scale, zeroPoint, isSigned: false);
        else if (Vector256.IsHardwareAccelerated)
            done = DequantizeVectors<FloatVector256>(source, destination, scale, zeroPoint, isSigned: false);
        else if (Vector128.IsHardwareAccelerated)
            done = DequantizeVectors<FloatVector128>(source, destination, scale, zeroPoint, isSigned: false);
        DequantizeScalar(source[done..], destination[done..], scale, zeroPoint);
    }

    public static void DequantizeFromInt8(ReadOnlySpan<sbyte> source, Span<float> destination, float scale, int zeroPoint)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, source.Length);
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(source);
        int done = 0;
        if (Vector512.IsHardwareAccelerated)
            done = DequantizeVectors<FloatVector512>(bytes, destination, scale, zeroPoint, isSigned: true);
        else if (Vector256.IsHardwareAccelerated)
            done = DequantizeVectors<FloatVector256>(bytes, destination, scale, zeroPoint, isSigned: true);
        else if (Vector128.IsHardwareAccelerated)
            done = DequantizeVectors<FloatVector128>(bytes, destination, scale, zeroPoint, isSigned: true);
        DequantizeScalar(source[done..], destination[done..], scale, zeroPoint);
    }

    /// <summary>Symmetric codes with one scale per channel.</summary>
    /// <param name="source">[outer, channels, inner]</param>
    /// <param name="scales">[channels]</param>
    public static void DequantizeChannelsFromInt8(
        ReadOnlySpan<sbyte> source, Span<float> destination, ReadOnlySpan<float> scales, ChannelLayout layout)
    {
        layout.Check(source.Length, scales.Length);
        for (int block = 0; block < layout.BlockCount; block++)
        {
            Range run = (block * layout.InnerSize)..((block + 1) * layout.InnerSize);
            DequantizeFromInt8(source[run], destination[run], scales[block % layout.ChannelCount], zeroPoint: 0);
        }
    }

    /// <summary>Symmetric codes of 32 bits, for biases.</summary>
    /// <param name="scales">One per element.</param>
    public static void DequantizeFromInt32(ReadOnlySpan<int> source, Span<float> destination, ReadOnlySpan<float> scales)
    {
        for (int i = 0; i < source.Length; i++)
            destination[i] = source[i] * scales[i];
    }

    /// <summary>The reference for unsigned codes.</summary>
    public static void DequantizeScalar(ReadOnlySpan<byte> source, Span<float> destination, float scale, int zeroPoint)
    {
        for (int i = 0; i < source.Length; i++)
            destination[i] = (source[i] - zeroPoint) * scale;
    }

    /// <summary>The reference for signed codes.</summary>
    public static void DequantizeScalar(ReadOnlySpan<sbyte> source, Span<float> destination, float scale, int zeroPoint)
    {
        for (int i = 0; i < source.Length; i++)
            destination[i] = (source[i] - zeroPoint) * scale;
    }

    /// <summary>One vector of bytes becomes four vectors of floats; the difference of two small integers is exact in float.</summary>
    /// <returns>Elements done.</returns>
    private static int DequantizeVectors<TVector>(
        ReadOnlySpan<byte> source, Span<float> destination, float scale, int zeroPoint, bool isSigned)
        where TVector : struct, IFloatVector<TVector>
    {
        ref byte from = ref MemoryMarshal.GetReference(source);
        ref float to = ref MemoryMarshal.GetReference(destination);
        TVector factor = TVector.Create(scale);
        TVector zero = TVector.Create(zeroPoint);
        int step = 4 * TVector.Count;
        int position = 0;
        for (; position <= source.Length - step; position += step)
        {
            (TVector first, TVector second, TVector third, TVector fourth) =
                isSigned ? TVector.LoadInt8(ref from, position) : TVector.LoadUInt8(ref from, position);
            TVector.Store((first - zero) * factor, ref to, position);
            TVector.Store((second - zero) * factor, ref to, position + TVector.Count);
            TVector.Store((third - zero) * factor, ref to, position + (2 * TVector.Count));
            TVector.Store((fourth - zero) * factor, ref to, position + (3 * TVector.Count));
        }

        return position;
    }
}
