using QuantBuild.Reconstruction;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Reconstruction.LowBits;

/// <summary>Layers as transformers have them: columns that go together, and a few that carry many times as much as the others.</summary>
internal static class LowBitCases
{
    /// <summary>Levels of the normal float of four bits, as bitsandbytes has them.</summary>
    public static readonly float[] NormalFloat =
    [
        -1, -0.6961928f, -0.52507305f, -0.3949175f, -0.28444138f, -0.18477343f, -0.091050036f, 0,
        0.0795803f, 0.1609302f, 0.2461123f, 0.33791524f, 0.44070983f, 0.562617f, 0.72295684f, 1,
    ];

    private const int OutlierDistance = 37;

    private const float Outlier = 8;

    /// <returns>[rows, columns]</returns>
    public static float[] Rows(int rows, int columns, string seed = "rows")
    {
        float[] values = Normal(seed, rows * columns);
        for (int row = 0; row < rows; row++)
            for (int i = 1; i < columns; i++)
                values[(row * columns) + i] = (0.6f * values[(row * columns) + i]) + (0.8f * values[(row * columns) + i - 1]);
        for (int row = 0; row < rows; row++)
            for (int i = 3; i < columns; i += OutlierDistance)
                values[(row * columns) + i] *= Outlier;
        return values;
    }

    public static LayerGram Gram(int columns, int rows = 0, bool drifts = false)
    {
        rows = rows == 0 ? (2 * columns) + 8 : rows;
        float[] values = Rows(rows, columns);
        var sums = new MomentSums(1, columns, drifts);
        sums.Add(values, drifts ? [.. values.Zip(Normal("stream", values.Length), (value, noise) => (0.98f * value) + (0.05f * noise))] : []);
        return sums.ToGrams(centered: false)[0];
    }

    /// <returns>[channels, columns]</returns>
    public static float[] Weights(int channels, int columns) => [.. Normal("weights", channels * columns).Select(value => 0.05f * value)];

    /// <summary>Every kind of grid, all scales 1.</summary>
    public static IEnumerable<(string Name, LowBitLayer Layer)> Layers(int channels, int columns, int blockColumns)
    {
        float[] weights = Weights(channels, columns);
        foreach (int bits in new[] { 1, 2, 3, 4, 8 })
            foreach (bool isAsymmetric in new[] { false, true })
                yield return ($"{bits} bits, asymmetric {isAsymmetric}, {blockColumns}", LowBitLayer.Uniform(weights, channels, bits, blockColumns, isAsymmetric));
        int[] choice = [.. Enumerable.Range(0, channels).Select(channel => channel % 2)];
        float[] other = [.. Enumerable.Range(0, 16).Select(i => (float)(i - 7) * Math.Abs(i - 7))];
        yield return ($"codebooks, {blockColumns}", LowBitLayer.OfCodebooks(weights, channels, 4, blockColumns, [NormalFloat, other], choice));
    }

    /// <summary>Nearly normal, of variance 1: sums of a few even numbers, which are the same on every machine.</summary>
    public static float[] Normal(string seed, int count)
    {
        const int Terms = 6;
        float[] even = SeededValues.Floats(seed, -1, 1, (long)Terms * count);
        var values = new float[count];
        for (int i = 0; i < even.Length; i++)
            values[i / Terms] += even[i] * 0.70710678f;
        return values;
    }
}
