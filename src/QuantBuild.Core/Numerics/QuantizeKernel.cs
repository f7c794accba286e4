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
        for (int block = 0; block < layout.BlockCount; block++)
        {
            Range run = (block * layout.InnerSize)..((block + 1) * layout.InnerSize);
            QuantizeToInt8(source[run], destination[run], scales[block % layout.ChannelCount], zeroPoint: 0, codes);
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
        float lower = codes.Minimum - zeroPoint;
        float upper = codes.Maximum - zeroPoint;
        for (int i = 0; i < source.Length; i++)
        {
            float quotient = source[i] / scale;
            quotient = quotient > lower ? quotient : lower;
            quotient = quotient < upper ? quotient : upper;
            destination[i] = (byte)((int)MathF.Round(quotient, MidpointRounding.ToEven) + zeroPoint);
        }
    }

    private static void Quantize(ReadOnlySpan<float> source, Span<byte> destination, float scale, int zeroPoint, CodeRange codes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, source.Length);
        int done = 0;
        if (Vector512.IsHardwareAccelerated)
            done = QuantizeVectors<FloatVector512>(source, destination, scale, zeroPoint, codes);
        else if (Vector256.IsHardwareAccelerated)
            done = QuantizeVectors<FloatVector256>(source, destination, scale, zeroPoint, codes);
        else if (Vector128.IsHardwareAccelerated)
            done = QuantizeVectors<FloatVector128>(source, destination, scale, zeroPoint, codes);
        QuantizeScalar(source[done..], destination[done..], scale, zeroPoint, codes);
    }

    /// <summary>Four vectors of floats become one vector of bytes. The zero point is added in float, where small integers are exact.</summary>
    /// <returns>Elements done.</returns>
    private static int QuantizeVectors<TVector>(
        ReadOnlySpan<float> source, Span<byte> destination, float scale, int zeroPoint, CodeRange codes)
        where TVector : struct, IFloatVector<TVector>
    {
        ref float start = ref MemoryMarshal.GetReference(source);
        TVector divisor = TVector.Create(scale);
        TVector lower = TVector.Create(codes.Minimum - zeroPoint);
        TVector upper = TVector.Create(codes.Maximum - zeroPoint);
        TVector zero = TVector.Create(zeroPoint);
        int step = 4 * TVector.Count;
        int position = 0;
        for (; position <= source.Length - step; position += step)
        {
            TVector.StoreLowBytes(
                Code(TVector.Load(ref start, position)),
                Code(TVector.Load(ref start, position + TVector.Count)),
                Code(TVector.Load(ref start, position + (2 * TVector.Count))),
                Code(TVector.Load(ref start, position + (3 * TVector.Count))),
                ref MemoryMarshal.GetReference(destination),
                position);
        }

        return position;

        TVector Code(TVector value) =>
            TVector.Round(TVector.AtMost(TVector.AtLeast(value / divisor, lower), upper)) + zero;
    }
}
