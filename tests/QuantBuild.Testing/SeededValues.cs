using System.Runtime.InteropServices;
using QuantBuild.Execution;
using QuantBuild.Onnx;

namespace QuantBuild.Testing;

/// <summary>Values that look random and are the same everywhere: the seed is made from a name.</summary>
internal static class SeededValues
{
    public static float[] Floats(string seed, float low, float high, long count)
    {
        var random = new Random(Seed(seed));
        var values = new float[count];
        for (int i = 0; i < values.Length; i++)
            values[i] = low + ((high - low) * random.NextSingle());
        return values;
    }

    /// <param name="low">Smallest value.</param>
    /// <param name="high">One above the largest.</param>
    public static long[] Integers(string seed, long low, long high, long count)
    {
        var random = new Random(Seed(seed));
        var values = new long[count];
        for (int i = 0; i < values.Length; i++)
            values[i] = random.NextInt64(low, high);
        return values;
    }

    public static OnnxTensor Tensor(string seed, float low, float high, params long[] shape) =>
        OnnxTensor.Float(shape, Floats(seed, low, high, Count(shape)));

    /// <summary>An input of a run, values from −4 to 4.</summary>
    public static InputTensor FloatInput(string name, params long[] shape) =>
        new(name, OnnxElementType.Float, shape, MemoryMarshal.AsBytes(Floats(name, -4, 4, Count(shape)).AsSpan()).ToArray());

    public static InputTensor FloatInputOf(string name, long[] shape, params float[] values) =>
        new(name, OnnxElementType.Float, shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    public static InputTensor Int64Input(string name, long[] shape, params long[] values) =>
        new(name, OnnxElementType.Int64, shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    private static long Count(long[] shape) => shape.Aggregate(1L, (product, dimension) => product * dimension);

    /// <remarks>FNV-1a; the hash of a string that .NET gives differs from run to run.</remarks>
    private static int Seed(string text)
    {
        uint hash = 2166136261;
        foreach (char character in text)
            hash = unchecked((hash ^ character) * 16777619);
        return (int)(hash & int.MaxValue);
    }
}
