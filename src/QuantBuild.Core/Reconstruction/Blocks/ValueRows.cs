namespace QuantBuild.Reconstruction.Blocks;

/// <summary>A value as it was for some samples.</summary>
/// <param name="SampleShape">Of one sample, without the axis that counts them.</param>
/// <param name="Values">[samples, …]</param>
internal sealed record ValueRows(int[] SampleShape, float[] Values)
{
    /// <summary>Floats of one sample.</summary>
    public int Length { get; } = SampleShape.Aggregate(1, (product, dimension) => product * dimension);

    public int Count => Length == 0 ? 0 : Values.Length / Length;

    public ReadOnlySpan<float> this[int sample] => Values.AsSpan(sample * Length, Length);
}
