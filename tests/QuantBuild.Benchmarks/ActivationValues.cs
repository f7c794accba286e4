namespace QuantBuild.Benchmarks;

/// <summary>Values as a network has them between its layers.</summary>
internal static class ActivationValues
{
    /// <summary>A tensor of a megabyte: larger than the second-level cache holds beside anything else, as activations are.</summary>
    public const int Length = 256 * 1024;

    /// <summary>Sum of four uniform values, which is nearly normal; standard deviation about one.</summary>
    /// <param name="isRectified">Negative values become zero, as after ReLU.</param>
    public static float[] Make(bool isRectified)
    {
        Random random = new(1);
        float[] values = new float[Length];
        for (int i = 0; i < values.Length; i++)
        {
            float value = (random.NextSingle() + random.NextSingle() + random.NextSingle() + random.NextSingle() - 2f) * 1.7f;
            values[i] = isRectified ? Math.Max(0f, value) : value;
        }

        return values;
    }
}
