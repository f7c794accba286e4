using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace QuantBuild.Numerics;

/// <summary>Floats to the floats that their codes stand for: <see cref="QuantizeKernel"/> and then <see cref="DequantizeKernel"/>, bit for bit.</summary>
internal static class FakeQuantizeKernel
{
    /// <param name="destination">May be <paramref name="source"/> itself, but not overlap it otherwise.</param>
    /// <param name="scale">Above zero.</param>
    /// <param name="zeroPoint">Within <paramref name="codes"/>.</param>
    public static void FakeQuantize(ReadOnlySpan<float> source, Span<float> destination, float scale, int zeroPoint, CodeRange codes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, source.Length);
        CodeBounds bounds = CodeBounds.Of(codes, zeroPoint);
        int done = 0;
        if (Vector512.IsHardwareAccelerated)
            done = FakeQuantizeVectors<FloatVector512, OneScale<FloatVector512>>(source, destination, new(scale), bounds);
        else if (Vector256.IsHardwareAccelerated)
            done = FakeQuantizeVectors<FloatVector256, OneScale<FloatVector256>>(source, destination, new(scale), bounds);
        else if (Vector128.IsHardwareAccelerated)
            done = FakeQuantizeVectors<FloatVector128, OneScale<FloatVector128>>(source, destination, new(scale), bounds);
        FakeQuantizeScalar(source[done..], destination[done..], scale, zeroPoint, codes);
    }

    /// <summary>Symmetric codes with one scale per channel.</summary>
    /// <param name="source">[outer, channels, inner]</param>
    /// <param name="destination">May be <paramref name="source"/> itself, but not overlap it otherwise.</param>
    /// <param name="scales">[channels]</param>
    public static void FakeQuantizeChannels(
        ReadOnlySpan<float> source, Span<float> destination, ReadOnlySpan<float> scales, CodeRange codes, ChannelLayout layout)
    {
        layout.Check(source.Length, scales.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, source.Length);
        if (!ElementScales.Serves(layout))
        {
            for (int block = 0; block < layout.BlockCount; block++)
            {
                Range run = (block * layout.InnerSize)..((block + 1) * layout.InnerSize);
                FakeQuantize(source[run], destination[run], scales[block % layout.ChannelCount], zeroPoint: 0, codes);
            }

            return;
        }

        ElementScales elements = new(scales, layout, stackalloc float[ElementScales.BufferLength]);
        for (int start = 0; start < source.Length; start += elements.ChunkLength)
        {
            int length = Math.Min(elements.ChunkLength, source.Length - start);
            FakeQuantizeElements(
                source.Slice(start, length), destination.Slice(start, length), elements.At(start, length), CodeBounds.Of(codes, 0));
        }
    }

    /// <summary>The reference.</summary>
    public static void FakeQuantizeScalar(ReadOnlySpan<float> source, Span<float> destination, float scale, int zeroPoint, CodeRange codes)
    {
        CodeBounds bounds = CodeBounds.Of(codes, zeroPoint);
        for (int i = 0; i < source.Length; i++)
            destination[i] = (int)bounds.Round(source[i], scale) * scale;
    }

    /// <param name="scales">One per element.</param>
    private static void FakeQuantizeElements(
        ReadOnlySpan<float> source, Span<float> destination, ReadOnlySpan<float> scales, CodeBounds bounds)
    {
        int done = 0;
        if (Vector512.IsHardwareAccelerated)
            done = FakeQuantizeVectors<FloatVector512, OwnScales<FloatVector512>>(source, destination, new(scales), bounds);
        else if (Vector256.IsHardwareAccelerated)
            done = FakeQuantizeVectors<FloatVector256, OwnScales<FloatVector256>>(source, destination, new(scales), bounds);
        else if (Vector128.IsHardwareAccelerated)
            done = FakeQuantizeVectors<FloatVector128, OwnScales<FloatVector128>>(source, destination, new(scales), bounds);
        for (int i = done; i < source.Length; i++)
            destination[i] = (int)bounds.Round(source[i], scales[i]) * scales[i];
    }

    /// <summary>The zero point cancels: the rounded quotient is code − zeroPoint. Adding zero turns −0, which no code stands for, into +0.</summary>
    /// <returns>Elements done.</returns>
    private static int FakeQuantizeVectors<TVector, TScale>(
        ReadOnlySpan<float> source, Span<float> destination, TScale scale, CodeBounds codeBounds)
        where TVector : struct, IFloatVector<TVector>
        where TScale : struct, IScale<TVector>, allows ref struct
    {
        ref float from = ref MemoryMarshal.GetReference(source);
        ref float to = ref MemoryMarshal.GetReference(destination);
        CodeBounds<TVector> bounds = new(codeBounds);
        TVector zero = TVector.Create(0f);
        int position = 0;
        for (; position <= source.Length - TVector.Count; position += TVector.Count)
        {
            TVector step = scale.At(position);
            TVector.Store((bounds.Round(TVector.Load(ref from, position), step) + zero) * step, ref to, position);
        }

        return position;
    }
}
