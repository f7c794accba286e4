using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace QuantBuild.Reconstruction.LowBits;

/// <summary>The weights of one block with what the squared error of each counts, so padded that vectors need no rest. Sums are those of
/// sixteen lanes
/// on every processor.</summary>
/// <param name="most">Columns of the longest block.</param>
internal sealed class BlockWeights(int most)
{
    private static readonly int Lanes = Vector512<float>.Count;

    private readonly float[] weights = new float[Padded(most)];

    private readonly float[] importance = new float[Padded(most)];

    private int count;

    /// <summary>The weight of the largest magnitude, with its sign.</summary>
    public float Largest { get; private set; }

    /// <summary>Not above 0.</summary>
    public float Lowest { get; private set; }

    /// <summary>Not below 0.</summary>
    public float Highest { get; private set; }

    /// <summary>Zeros alone, or so small that a scale would be no normal float.</summary>
    public bool IsZero => Math.Abs(Largest) < 1e-30f;

    public ReadOnlySpan<float> Values => weights.AsSpan(0, count);

    public ReadOnlySpan<float> Importance => importance.AsSpan(0, count);

    /// <param name="counts">What the squared error of each weight counts; none: all the same.</param>
    public void Load(ReadOnlySpan<float> values, ReadOnlySpan<float> counts)
    {
        count = values.Length;
        weights.AsSpan(count).Clear();
        importance.AsSpan(count).Clear();
        values.CopyTo(weights);
        if (counts.IsEmpty)
            importance.AsSpan(0, count).Fill(1);
        else
            counts.CopyTo(importance);
        (Largest, Lowest, Highest) = (0, 0, 0);
        foreach (float value in values)
        {
            Lowest = Math.Min(Lowest, value);
            Highest = Math.Max(Highest, value);
        }
        Largest = Highest >= -Lowest ? Highest : Lowest;
    }

    /// <summary>In place of what was given: the magnitude of each weight, and on top for all alike their root mean square.</summary>
    public void CountByMagnitude()
    {
        double squares = 0;
        foreach (float value in Values)
            squares += (double)value * value;
        float typical = (float)Math.Sqrt(squares / count);
        for (int i = 0; i < count; i++)
            importance[i] = typical + Math.Abs(weights[i]);
    }

    /// <summary>Σ importance · (ŵ − w)² with each weight at its nearest level.</summary>
    public double ErrorOf<TLevels>(TLevels levels, float scale)
        where TLevels : struct, ILevels
    {
        ref float values = ref MemoryMarshal.GetArrayDataReference(weights);
        ref float counts = ref MemoryMarshal.GetArrayDataReference(importance);
        Vector512<float> steps = Vector512.Create(1 / scale);
        Vector512<float> scales = Vector512.Create(scale);
        Vector512<float> sum = Vector512<float>.Zero;
        for (nuint i = 0; i < (nuint)count; i += (nuint)Vector512<float>.Count)
        {
            Vector512<float> value = Vector512.LoadUnsafe(ref values, i);
            Vector512<float> difference = (levels.Nearest(value * steps) * scales) - value;
            sum += Vector512.LoadUnsafe(ref counts, i) * difference * difference;
        }
        return SumOf(sum);
    }

    /// <summary>The scale of the smallest error for the levels that are nearest at another scale; that one when all are 0.</summary>
    public float FittedScale<TLevels>(TLevels levels, float scale)
        where TLevels : struct, ILevels
    {
        ref float values = ref MemoryMarshal.GetArrayDataReference(weights);
        ref float counts = ref MemoryMarshal.GetArrayDataReference(importance);
        Vector512<float> steps = Vector512.Create(1 / scale);
        Vector512<float> products = Vector512<float>.Zero;
        Vector512<float> squares = Vector512<float>.Zero;
        for (nuint i = 0; i < (nuint)count; i += (nuint)Vector512<float>.Count)
        {
            Vector512<float> value = Vector512.LoadUnsafe(ref values, i);
            Vector512<float> level = levels.Nearest(value * steps);
            Vector512<float> counted = Vector512.LoadUnsafe(ref counts, i) * level;
            products += counted * value;
            squares += counted * level;
        }
        double fitted = SumOf(products) / SumOf(squares);
        return IsScale((float)fitted) ? (float)fitted : scale;
    }

    /// <summary>True for what can be a scale: normal numbers of any sign.</summary>
    public static bool IsScale(float value) => float.IsNormal(value);

    private static double SumOf(Vector512<float> lanes)
    {
        Vector256<float> eight = lanes.GetLower() + lanes.GetUpper();
        Vector128<float> four = eight.GetLower() + eight.GetUpper();
        return ((double)four[0] + four[1]) + ((double)four[2] + four[3]);
    }

    private static int Padded(int count) => (count + Lanes - 1) / Lanes * Lanes;
}
