namespace QuantBuild.Equalization;

/// <summary>What is done to the channels of a value: <c>x_c → (x_c − Shifts_c) / Factors_c</c>.</summary>
/// <param name="Factors">Positive.</param>
internal sealed record ChannelAdjustment(float[] Factors, float[] Shifts)
{
    public static ChannelAdjustment None(int channels) => new([.. Enumerable.Repeat(1f, channels)], new float[channels]);

    public bool IsShifted => Array.Exists(Shifts, shift => shift != 0);
}
