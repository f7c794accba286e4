using QuantBuild.Reconstruction;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Reconstruction;

/// <summary>Layers with columns that go together, as the neighbours in an image do, and every way to round them.</summary>
internal static class RoundingCases
{
    private const int Rows = 200;

    public static readonly (string Name, RoundLayer Round)[] Roundings =
    [
        ("descent", CoordinateDescent.Improve),
        ("gptq", Gptq.Round),
        ("adaround", AdaRound.Round),
        ("gptq and descent", WeightRounding.CompensateAndDescend),
    ];

    /// <param name="drifts">True: with a part of the input's rounding to take back.</param>
    public static LayerGram Gram(int columns, bool drifts = false)
    {
        float[] noise = SeededValues.Floats("rows", -20, 20, Rows * columns);
        var gram = new double[columns * columns];
        for (int row = 0; row < Rows; row++)
        {
            var values = new double[columns];
            for (int i = 0; i < columns; i++)
                values[i] = noise[(row * columns) + i] + (i > 0 ? 0.8 * values[i - 1] : 0);
            for (int i = 0; i < columns; i++)
                for (int j = 0; j < columns; j++)
                    gram[(i * columns) + j] += values[i] * values[j] / Rows;
        }
        float[] drift = SeededValues.Floats("drift", -1, 1, columns * columns);
        return new LayerGram([.. gram.Select(value => (float)value)], drifts ? drift : null, new float[columns], new float[columns]);
    }

    /// <summary>Rounded to the nearest, with many pairs at their limit.</summary>
    public static LayerWeights Weights(int channels, int columns, bool pairs, LayerGram gram)
    {
        float[] values = SeededValues.Floats("weights", -1, 1, channels * columns);
        for (int i = 0; i < values.Length; i++)
            if (i / columns % 2 == 0)
                values[i] = 1 - (0.2f * Math.Abs(values[i]));
        var weights = new LayerWeights(columns, pairs, values);
        WeightRounding.Start(gram, weights, new float[channels]);
        return weights;
    }
}
