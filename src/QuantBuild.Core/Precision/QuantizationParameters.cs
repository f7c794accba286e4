namespace QuantBuild.Precision;

/// <summary>Integer types that tensors are quantized to.</summary>
internal enum QuantizedType
{
    UInt8,
    Int8,
}

/// <summary>Maps real values to codes: <c>code = saturate(roundHalfEven(value / Scale) + ZeroPoint)</c>, <c>value ≈ (code − ZeroPoint) · Scale</c>.</summary>
/// <param name="Scale">Positive; real units per code.</param>
/// <param name="ZeroPoint">The code of zero.</param>
internal sealed record QuantizationParameters(QuantizedType Type, float Scale, int ZeroPoint)
{
    /// <summary>Codes that an unsigned 8-bit activation has above its lowest.</summary>
    private const int UInt8Steps = 255;

    /// <summary>Narrower ranges are widened to this, so that the scale of a tensor that is nearly constant stays a normal float
    /// even after it was multiplied with that of a weight.</summary>
    private const float NarrowestRange = 1e-10f;

    /// <summary>Asymmetric parameters for a range, widened to hold zero (padding and Relu need an exact zero).</summary>
    public static QuantizationParameters Asymmetric(float minimum, float maximum)
    {
        (double low, double high) = Widened(minimum, maximum);
        return Of(low, (float)((high - low) / UInt8Steps));
    }

    /// <summary>The same with a scale of the <see cref="CoarseGrid"/>: less than half a step of the range is lost on one side, as by <see cref="Asymmetric"/>,
    /// and less than three quarters are gained on the other.</summary>
    public static QuantizationParameters Snapped(float minimum, float maximum)
    {
        (double low, double high) = Widened(minimum, maximum);
        return Of(low, CoarseGrid.Up((high - low) / UInt8Steps));
    }

    /// <summary>The smallest value that has a code of its own.</summary>
    public float Lowest => (float)(-(double)ZeroPoint * Scale);

    /// <summary>The largest value that has a code of its own.</summary>
    public float Highest => (float)((UInt8Steps - (double)ZeroPoint) * Scale);

    private static (double Low, double High) Widened(float minimum, float maximum)
    {
        float low = Math.Min(minimum, 0);
        float high = Math.Max(maximum, 0);
        return (low, high - low < NarrowestRange ? low + NarrowestRange : high);
    }

    private static QuantizationParameters Of(double low, float scale) => new(
        QuantizedType.UInt8, scale, (int)Math.Clamp(Math.Round(-low / scale, MidpointRounding.ToEven), 0, UInt8Steps));
}
