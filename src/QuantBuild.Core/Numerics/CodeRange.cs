namespace QuantBuild.Numerics;

/// <summary>The integer codes that quantization may use, both ends included.</summary>
internal readonly record struct CodeRange(int Minimum, int Maximum)
{
    public static readonly CodeRange UInt8 = new(byte.MinValue, byte.MaxValue);

    public static readonly CodeRange Int8 = new(sbyte.MinValue, sbyte.MaxValue);

    /// <summary>Without −128, so that symmetric codes are as wide to either side.</summary>
    public static readonly CodeRange Int8Narrow = new(-127, 127);

    /// <summary>Codes of which two products with unsigned bytes never saturate the 16-bit sum of AVX2's <c>vpmaddubsw</c>:
    /// 2 · 255 · 64 = 32640 ≤ 32767.</summary>
    public static readonly CodeRange Int8SevenBits = new(-64, 64);

    public int Steps => Maximum - Minimum;
}
