using QuantBuild.Onnx;

namespace QuantBuild.Data;

/// <summary>Shapes of samples in formats that do not carry the model's axes.</summary>
internal static class SampleShape
{
    /// <summary>The same elements under the axes of the model's input where all of those are fixed: a row of 784 numbers for [N,1,28,28]. Otherwise
    /// as they are.</summary>
    public static IReadOnlyList<long> For(TensorSignature? input, IReadOnlyList<long> shape)
    {
        if (input?.Shape is not { Count: > 0 } dimensions)
            return shape;
        long?[] expected = [.. dimensions.Skip(1).Select(dimension => dimension.Value)];
        if (expected.Length == shape.Count || expected.Contains(null))
            return WithOnes(expected, shape) ?? shape;
        long length = shape.Aggregate(1L, (product, dimension) => product * dimension);
        return expected.Aggregate(1L, (product, dimension) => product * dimension!.Value) == length ? [.. expected.Select(dimension => dimension!.Value)] : shape;
    }

    /// <summary>With axes of length one put in or taken out; null when that does not help.</summary>
    private static IReadOnlyList<long>? WithOnes(long?[] expected, IReadOnlyList<long> shape)
    {
        if (expected.Length == shape.Count)
            return null;
        long[] own = [.. shape.Where(dimension => dimension != 1)];
        var result = new List<long>();
        int next = 0;
        foreach (long? dimension in expected)
            if (dimension == 1)
                result.Add(1);
            else if (next < own.Length)
                result.Add(own[next++]);
            else
                return null;
        return next == own.Length ? result : null;
    }
}
