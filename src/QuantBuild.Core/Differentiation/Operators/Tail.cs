using System.Runtime.Intrinsics;

namespace QuantBuild.Differentiation.Operators;

/// <summary>The elements behind the last whole vector; the lanes that are left are 1, which every function takes.</summary>
internal static class Tail
{
    /// <param name="values">Fewer than a vector, from its start; more are left out.</param>
    public static Vector256<float> Load(ReadOnlySpan<float> values)
    {
        Span<float> lanes = stackalloc float[Vector256<float>.Count];
        lanes.Fill(1);
        values[..Math.Min(values.Length, lanes.Length)].CopyTo(lanes);
        return Vector256.Create<float>(lanes);
    }

    public static void Store(Vector256<float> vector, Span<float> values)
    {
        Span<float> lanes = stackalloc float[Vector256<float>.Count];
        vector.CopyTo(lanes);
        lanes[..Math.Min(values.Length, lanes.Length)].CopyTo(values);
    }
}
