using QuantBuild.Onnx;

namespace QuantBuild.Testing.Nets;

/// <summary>Inputs with the structure that real ones have: neighbours are alike, a few patterns carry most of the energy, words are
/// unequally frequent.</summary>
internal static class NaturalInputs
{
    /// <summary>Images as they come out of the usual normalization, from about −2 to 2: a few waves of low frequency, two flat
    /// rectangles with
    /// sharp edges, a little noise of the sensor.</summary>
    /// <returns>[count, channels, height, width]</returns>
    public static NamedArray Images(string name, int count, int channels, int height, int width, int seed)
    {
        var random = new Random(seed);
        var values = new float[(long)count * channels * height * width];
        int plane = height * width;
        for (int image = 0; image < count; image++)
        {
            (double Y, double X, double Phase, double Size)[] waves =
            [
                .. Enumerable.Range(1, 5)
                    .Select(i => (random.NextDouble() * i, random.NextDouble() * i, random.NextDouble() * 6.3, 1.0 / i)),
            ];
            for (int channel = 0; channel < channels; channel++)
            {
                Span<float> pixels = values.AsSpan(((image * channels) + channel) * plane, plane);
                double light = random.NextDouble() - 0.5;
                for (int i = 0; i < plane; i++)
                {
                    double y = (double)(i / width) / height;
                    double x = (double)(i % width) / width;
                    double sum = light + (0.04 * (random.NextDouble() - 0.5));
                    foreach ((double Y, double X, double Phase, double Size) wave in waves)
                        sum += 0.7 * wave.Size * Math.Cos((6.3 * ((wave.Y * y) + (wave.X * x))) + wave.Phase + (channel * 0.4));
                    pixels[i] = (float)sum;
                }
                for (int rectangle = 0; rectangle < 2; rectangle++)
                    Cover(pixels, height, width, random);
            }
        }
        return NamedArray.Of(name, [count, channels, height, width], values);
    }

    /// <summary>Sound from −1 to 1: a tone with harmonics whose loudness rises and falls, and some noise.</summary>
    /// <returns>[count, 1, length]</returns>
    public static NamedArray Sounds(string name, int count, int length, int seed)
    {
        var random = new Random(seed);
        var values = new float[(long)count * length];
        for (int sound = 0; sound < count; sound++)
        {
            double pitch = 0.02 + (0.1 * random.NextDouble());
            double syllables = 1 + (4 * random.NextDouble());
            double phase = 6.3 * random.NextDouble();
            for (int i = 0; i < length; i++)
            {
                double loudness = 0.5 - (0.5 * Math.Cos((6.3 * syllables * i / length) + phase));
                double tone = 0;
                for (int harmonic = 1; harmonic <= 6; harmonic++)
                    tone += Math.Sin((pitch * harmonic * i) + (phase * harmonic)) / (harmonic + 1);
                values[((long)sound * length) + i] = (float)((0.6 * loudness * tone) + (0.01 * (random.NextDouble() - 0.5)));
            }
        }
        return NamedArray.Of(name, [count, 1, length], values);
    }

    /// <summary>Features of sound over time, as a spectrogram has them: bands next to each other and moments next to each other are
    /// alike.</summary>
    /// <returns>[count, length, bands]</returns>
    public static NamedArray Features(string name, int count, int length, int bands, int seed)
    {
        NamedArray images = Images(name, count, 1, length, bands, seed);
        return images with { Shape = [count, length, bands] };
    }

    /// <summary>Word numbers; the k-th word is about k times rarer than the first.</summary>
    /// <param name="lengths">Words of each text; behind them stands word 0.</param>
    /// <returns>int64 [count, longest]</returns>
    public static NamedArray Words(string name, int longest, int vocabulary, IReadOnlyList<int> lengths, int seed)
    {
        var random = new Random(seed);
        var values = new long[(long)lengths.Count * longest];
        for (int text = 0; text < lengths.Count; text++)
            for (int i = 0; i < lengths[text]; i++)
            {
                double uniform = random.NextDouble();
                values[((long)text * longest) + i] = 1 + (long)((vocabulary - 1) * uniform * uniform * uniform);
            }
        return NamedArray.Of(name, [lengths.Count, longest], values);
    }

    /// <summary>Lengths of texts, from a quarter to the whole.</summary>
    public static int[] Lengths(int count, int longest, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(longest / 4, longest + 1))];
    }

    /// <summary>1 for words, 0 behind the end of the text.</summary>
    /// <returns>int64 [count, longest]</returns>
    public static NamedArray Mask(string name, int longest, IReadOnlyList<int> lengths) => NamedArray.Of(
        name,
        [lengths.Count, longest],
        lengths.SelectMany(length => Enumerable.Range(0, longest).Select(i => i < length ? 1L : 0L)).ToArray());

    /// <returns>int32 [count]</returns>
    public static NamedArray LengthInput(string name, int[] lengths) =>
        NamedArray.Of<int>(name, OnnxElementType.Int32, [lengths.Length], lengths);

    private static void Cover(Span<float> pixels, int height, int width, Random random)
    {
        int top = random.Next(height * 3 / 4);
        int left = random.Next(width * 3 / 4);
        int bottom = Math.Min(height, top + 1 + random.Next(height / 3));
        int right = Math.Min(width, left + 1 + random.Next(width / 3));
        float value = (float)((random.NextDouble() * 4) - 2);
        for (int y = top; y < bottom; y++)
            for (int x = left; x < right; x++)
                pixels[(y * width) + x] = value;
    }
}
