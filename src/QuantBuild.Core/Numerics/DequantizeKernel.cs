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
            done = DequantizeVectors<FloatVector512, OneScale<FloatVector512>>(source, destination, new(scale), zeroPoint, isSigned: false);
        else if (Vector256.IsHardwareAccelerated)
            done = DequantizeVectors<FloatVector256, OneScale<FloatVector256>>(source, destination, new(scale), zeroPoint, isSigned: false);
        else if (Vector128.IsHardwareAccelerated)
            done = DequantizeVectors<FloatVector128, OneScale<FloatVector128>>(source, destination, new(scale), zeroPoint, isSigned: false);
        DequantizeScalar(source[done..], destination[done..], scale, zeroPoint);
    }

    public static void DequantizeFromInt8(ReadOnlySpan<sbyte> source, Span<float> destination, float scale, int zeroPoint)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, source.Length);
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(source);
        int done = 0;
        if (Vector512.IsHardwareAccelerated)
            done = DequantizeVectors<FloatVector512, OneScale<FloatVector512>>(bytes, destination, new(scale), zeroPoint, isSigned: true);
        else if (Vector256.IsHardwareAccelerated)
            done = DequantizeVectors<FloatVector256, OneScale<FloatVector256>>(bytes, destination, new(scale), zeroPoint, isSigned: true);
        else if (Vector128.IsHardwareAccelerated)
            done = DequantizeVectors<FloatVector128, OneScale<FloatVector128>>(bytes, destination, new(scale), zeroPoint, isSigned: true);
        DequantizeScalar(source[done..], destination[done..], scale, zeroPoint);
    }

    /// <summary>Symmetric codes with one scale per channel.</summary>
    /// <param name="source">[outer, channels, inner]</param>
    /// <param name="scales">[channels]</param>
    public static void DequantizeChannelsFromInt8(
        ReadOnlySpan<sbyte> source, Span<float> destination, ReadOnlySpan<float> scales, ChannelLayout layout)
    {
        layout.Check(source.Length, scales.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, source.Length);
        if (!ElementScales.Serves(layout))
        {
            for (int block = 0; block < layout.BlockCount; block++)
            {
                Range run = (block * layout.InnerSize)..((block + 1) * layout.InnerSize);
                DequantizeFromInt8(source[run], destination[run], scales[block % layout.ChannelCount], zeroPoint: 0);
            }

            return;
        }

        ElementScales elements = new(scales, layout, stackalloc float[ElementScales.BufferLength]);
        for (int start = 0; start < source.Length; start += elements.ChunkLength)
        {
            int length = Math.Min(elements.ChunkLength, source.Length - start);
            DequantizeElements(source.Slice(start, length), destination.Slice(start, length), elements.At(start, length));
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

    /// <param name="scales">One per element.</param>
    private static void DequantizeElements(ReadOnlySpan<sbyte> source, Span<float> destination, ReadOnlySpan<float> scales)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(source);
        int done = 0;
        if (Vector512.IsHardwareAccelerated)
            done = DequantizeVectors<FloatVector512, OwnScales<FloatVector512>>(bytes, destination, new(scales), 0, isSigned: true);
        else if (Vector256.IsHardwareAccelerated)
            done = DequantizeVectors<FloatVector256, OwnScales<FloatVector256>>(bytes, destination, new(scales), 0, isSigned: true);
        else if (Vector128.IsHardwareAccelerated)
            done = DequantizeVectors<FloatVector128, OwnScales<FloatVector128>>(bytes, destination, new(scales), 0, isSigned: true);
        for (int i = done; i < source.Length; i++)
            destination[i] = source[i] * scales[i];
    }

    /// <summary>One vector of bytes becomes four vectors of floats; the difference of two small integers is exact in float.</summary>
    /// <returns>Elements done.</returns>
    private static int DequantizeVectors<TVector, TScale>(
        ReadOnlySpan<byte> source, Span<float> destination, TScale scale, int zeroPoint, bool isSigned)
        where TVector : struct, IFloatVector<TVector>
        where TScale : struct, IScale<TVector>, allows ref struct
    {
        ref byte from = ref MemoryMarshal.GetReference(source);
        ref float to = ref MemoryMarshal.GetReference(destination);
        TVector zero = TVector.Create(zeroPoint);
        int position = 0;
        for (; position <= source.Length - (4 * TVector.Count); position += 4 * TVector.Count)
        {
            (TVector first, TVector second, TVector third, TVector fourth) =
                isSigned ? TVector.LoadInt8(ref from, position) : TVector.LoadUInt8(ref from, position);
            int next = position + TVector.Count;
            TVector.Store((first - zero) * scale.At(position), ref to, position);
            TVector.Store((second - zero) * scale.At(next), ref to, next);
            TVector.Store((third - zero) * scale.At(next + TVector.Count), ref to, next + TVector.Count);
            TVector.Store((fourth - zero) * scale.At(next + (2 * TVector.Count)), ref to, next + (2 * TVector.Count));
        }

        return position;
    }
}
