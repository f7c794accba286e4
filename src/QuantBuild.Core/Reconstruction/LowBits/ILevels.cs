using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace QuantBuild.Reconstruction.LowBits;

/// <summary>The levels of a block in units of its scale.</summary>
internal interface ILevels
{
    /// <summary>The nearest level of each of sixteen numbers.</summary>
    Vector512<float> Nearest(Vector512<float> steps);
}

/// <summary>Whole numbers from −zero to highest − zero.</summary>
internal readonly struct UniformLevels(int zero, int highest) : ILevels
{
    private readonly Vector512<float> low = Vector512.Create((float)-zero);

    private readonly Vector512<float> high = Vector512.Create((float)(highest - zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Nearest(Vector512<float> steps) => Vector512.ClampNative(Vector512.Round(steps), low, high);
}

/// <param name="levels">Ascending.</param>
internal readonly struct CodebookLevels(float[] levels) : ILevels
{
    public Vector512<float> Nearest(Vector512<float> steps)
    {
        Vector512<float> nearest = Vector512.Create(levels[0]);
        for (int i = 1; i < levels.Length; i++)
        {
            Vector512<float> level = Vector512.Create(levels[i]);
            nearest = Vector512.ConditionalSelect(Vector512.GreaterThan(steps - nearest, level - steps), level, nearest);
        }
        return nearest;
    }
}
