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
        int done = 0;
        if (Vector512.IsHardwareAccelerated)
            done = FakeQuantizeVectors<FloatVector512>(source, destination, scale, zeroPoint, codes);
        else if (Vector256.IsHardwareAccelerated)
            done = FakeQuantizeVectors<FloatVector256>(source, destination, scale, zeroPoint, codes);
        else if (Vector128.IsHardwareAccelerated)
            done = FakeQuantizeVectors<FloatVector128>(source, destination, scale, zeroPoint, codes);
        FakeQuantizeScalar(source[done..], destination[done..], scale, zeroPoint, codes);
    }

    /// <summary>Symmetric codes with one scale per channel.</summary>
    /// <param name="source">[outer, channels, inner]</param>
    /// <param name="scales">[channels]</param>
    public static void FakeQuantizeChannels(
        ReadOnlySpan<float> source, Span<float> destination, ReadOnlySpan<float> scales, CodeRange codes, ChannelLayout layout)
    {
        layout.Check(source.Length, scales.Length);
        for (int block = 0; block < layout.BlockCount; block++)
        {
            Range run = (block * layout.InnerSize)..((block + 1) * layout.InnerSize);
            FakeQuantize(source[run], destination[run], scales[block % layout.ChannelCount], zeroPoint: 0, codes);
        }
    }

    /// <summary>The reference.</summary>
    public static void FakeQuantizeScalar(ReadOnlySpan<float> source, Span<float> destination, float scale, int zeroPoint, CodeRange codes)
    {
        float lower = codes.Minimum - zeroPoint;
        float upper = codes.Maximum - zeroPoint;
        for (int i = 0; i < source.Length; i++)
        {
            float quotient = source[i] / scale;
            quotient = quotient > lower ? quotient : lower;
            quotient = quotient < upper ? quotient : upper;
            destination[i] = (int)MathF.Round(quotient, MidpointRounding.ToEven) * scale;
        }
    }

    /// <summary>The zero point cancels: the rounded quotient is code − zeroPoint. Adding zero turns −0, which no code stands for, into +0.</summary>
    /// <returns>Elements done.</returns>
    private static int FakeQuantizeVectors<TVector>(
        ReadOnlySpan<float> source, Span<float> destination, float scale, int zeroPoint, CodeRange codes)
        where TVector : struct, IFloatVector<TVector>
    {
        ref float from = ref MemoryMarshal.GetReference(source);
        ref float to = ref MemoryMarshal.GetReference(destination);
        TVector step = TVector.Create(scale);
        TVector lower = TVector.Create(codes.Minimum - zeroPoint);
        TVector upper = TVector.Create(codes.Maximum - zeroPoint);
        TVector zero = TVector.Create(0f);
        int position = 0;
        for (; position <= source.Length - TVector.Count; position += TVector.Count)
        {
            TVector quotient = TVector.Load(ref from, position) / step;
            TVector rounded = TVector.Round(TVector.AtMost(TVector.AtLeast(quotient, lower), upper));
            TVector.Store((rounded + zero) * step, ref to, position);
        }

        return position;
    }
}
