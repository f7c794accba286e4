using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace QuantBuild.Numerics;

/// <summary>Floats to codes, as ONNX <c>QuantizeLinear</c> and, bit for bit, as ONNX Runtime computes it:
/// <c>code = round(clamp(x / scale, minimum − zeroPoint, maximum − zeroPoint)) + zeroPoint</c>,
/// the division in float32 and never by a reciprocal, ties to even. NaN becomes the smallest code, as in ONNX Runtime; callers report NaN
/// before they quantize.</summary>
internal static class QuantizeKernel
{
    /// <param name="scale">Above zero.</param>
    /// <param name="zeroPoint">Within <paramref name="codes"/>.</param>
    /// <param name="codes">At most 0 to 255.</param>
    public static void QuantizeToUInt8(ReadOnlySpan<float> source, Span<byte> destination, float scale, int zeroPoint, CodeRange codes) =>
        Quantize(source, destination, scale, zeroPoint, codes);

    /// <param name="scale">Above zero.</param>
    /// <param name="zeroPoint">Within <paramref name="codes"/>.</param>
    /// <param name="codes">At most −128 to 127.</param>
    public static void QuantizeToInt8(ReadOnlySpan<float> source, Span<sbyte> destination, float scale, int zeroPoint, CodeRange codes) =>
        Quantize(source, MemoryMarshal.AsBytes(destination), scale, zeroPoint, codes);

    /// <summary>Symmetric codes with one scale per channel.</summary>
    /// <param name="source">[outer, channels, inner]</param>
    /// <param name="scales">[channels]</param>
    public static void QuantizeChannelsToInt8(
        ReadOnlySpan<float> source, Span<sbyte> destination, ReadOnlySpan<float> scales, CodeRange codes, ChannelLayout layout)
    {
        layout.Check(source.Length, scales.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, source.Length);
        if (!ElementScales.Serves(layout))
        {
            for (int block = 0; block < layout.BlockCount; block++)
            {
                Range run = (block * layout.InnerSize)..((block + 1) * layout.InnerSize);
                QuantizeToInt8(source[run], destination[run], scales[block % layout.ChannelCount], zeroPoint: 0, codes);
            }

            return;
        }

        ElementScales elements = new(scales, layout, stackalloc float[ElementScales.BufferLength]);
        for (int start = 0; start < source.Length; start += elements.ChunkLength)
        {
            int length = Math.Min(elements.ChunkLength, source.Length - start);
            QuantizeElements(
                source.Slice(start, length), MemoryMarshal.AsBytes(destination).Slice(start, length), elements.At(start, length), codes);
        }
    }

    /// <summary>Symmetric codes of 32 bits, for biases. Computed in double, because a float32 quotient has no 32 significant bits.</summary>
    /// <param name="scales">One per element.</param>
    public static void QuantizeToInt32(ReadOnlySpan<float> source, Span<int> destination, ReadOnlySpan<double> scales)
    {
        for (int i = 0; i < source.Length; i++)
            destination[i] = (int)Math.Clamp(Math.Round(source[i] / scales[i], MidpointRounding.ToEven), int.MinValue, int.MaxValue);
    }

    /// <summary>The reference.</summary>
    /// <param name="destination">Codes below zero in two's complement.</param>
    public static void QuantizeScalar(ReadOnlySpan<float> source, Span<byte> destination, float scale, int zeroPoint, CodeRange codes)
    {
        CodeBounds bounds = CodeBounds.Of(codes, zeroPoint);
        for (int i = 0; i < source.Length; i++)
            destination[i] = (byte)((int)bounds.Round(source[i], scale) + zeroPoint);
    }

    /// <summary>The reference for one scale per channel.</summary>
    /// <param name="source">[outer, channels, inner]</param>
    /// <param name="scales">[channels]</param>
    public static void QuantizeChannelsScalar(
        ReadOnlySpan<float> source, Span<sbyte> destination, ReadOnlySpan<float> scales, CodeRange codes, ChannelLayout layout)
    {
        layout.Check(source.Length, scales.Length);
        CodeBounds bounds = CodeBounds.Of(codes, 0);
        for (int i = 0; i < source.Length; i++)
            destination[i] = (sbyte)bounds.Round(source[i], scales[i / layout.InnerSize % layout.ChannelCount]);
    }

    private static void Quantize(ReadOnlySpan<float> source, Span<byte> destination, float scale, int zeroPoint, CodeRange codes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, source.Length);
        int done = 0;
        if (Vector512.IsHardwareAccelerated)
            done = QuantizeVectors<FloatVector512, OneScale<FloatVector512>>(source, destination, new(scale), zeroPoint, codes);
        else if (Vector256.IsHardwareAccelerated)
            done = QuantizeVectors<FloatVector256, OneScale<FloatVector256>>(source, destination, new(scale), zeroPoint, codes);
        else if (Vector128.IsHardwareAccelerated)
            done = QuantizeVectors<FloatVector128, OneScale<FloatVector128>>(source, destination, new(scale), zeroPoint, codes);
        QuantizeScalar(source[done..], destination[done..], scale, zeroPoint, codes);
    }

    /// <param name="scales">One per element.</param>
    private static void QuantizeElements(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> scales, CodeRange codes)
    {
        int done = 0;
        if (Vector512.IsHardwareAccelerated)
            done = QuantizeVectors<FloatVector512, OwnScales<FloatVector512>>(source, destination, new(scales), 0, codes);
        else if (Vector256.IsHardwareAccelerated)
            done = QuantizeVectors<FloatVector256, OwnScales<FloatVector256>>(source, destination, new(scales), 0, codes);
        else if (Vector128.IsHardwareAccelerated)
            done = QuantizeVectors<FloatVector128, OwnScales<FloatVector128>>(source, destination, new(scales), 0, codes);
        CodeBounds bounds = CodeBounds.Of(codes, 0);
        for (int i = done; i < source.Length; i++)
            destination[i] = (byte)(int)bounds.Round(source[i], scales[i]);
    }

    /// <summary>Four vectors of floats become one vector of bytes. The zero point is added in float, where small integers are exact.</summary>
    /// <returns>Elements done.</returns>
    private static int QuantizeVectors<TVector, TScale>(
        ReadOnlySpan<float> source, Span<byte> destination, TScale scale, int zeroPoint, CodeRange codes)
        where TVector : struct, IFloatVector<TVector>
        where TScale : struct, IScale<TVector>, allows ref struct
    {
        ref float start = ref MemoryMarshal.GetReference(source);
        ref byte to = ref MemoryMarshal.GetReference(destination);
        CodeBounds<TVector> bounds = new(CodeBounds.Of(codes, zeroPoint));
        TVector zero = TVector.Create(zeroPoint);
        int position = 0;
        for (; position <= source.Length - (4 * TVector.Count); position += 4 * TVector.Count)
        {
            int second = position + TVector.Count;
            int third = second + TVector.Count;
            int fourth = third + TVector.Count;
            TVector.StoreLowBytes(
                bounds.Round(TVector.Load(ref start, position), scale.At(position)) + zero,
                bounds.Round(TVector.Load(ref start, second), scale.At(second)) + zero,
                bounds.Round(TVector.Load(ref start, third), scale.At(third)) + zero,
                bounds.Round(TVector.Load(ref start, fourth), scale.At(fourth)) + zero,
                ref to,
                position);
        }

        return position;
    }
}
