using QuantBuild.Onnx;

namespace QuantBuild.Testing.Nets;

/// <summary>Parameters as training leaves them, from one seed. Only additions, multiplications and square roots, which every processor
/// rounds
/// alike, so that a file is the same everywhere.</summary>
internal sealed class TrainedValues(int seed)
{
    private readonly Random random = new(seed);

    public float Uniform(float low, float high) => low + ((high - low) * random.NextSingle());

    /// <summary>Mean 0, deviation 1: the sum of twelve uniform numbers, less six.</summary>
    public float Normal()
    {
        float sum = -6;
        for (int i = 0; i < 12; i++)
            sum += random.NextSingle();
        return sum;
    }

    public float[] Normals(long count, float mean, float deviation) => Fill(count, () => mean + (deviation * Normal()));

    public float[] Uniforms(long count, float low, float high) => Fill(count, () => Uniform(low, high));

    /// <summary>One factor per channel, from a third to three: the spread of magnitudes that makes scales per channel worth
    /// while.</summary>
    public float[] ChannelSpread(long channels) => Fill(channels, () =>
    {
        float spread = Uniform(1, 3);
        return random.Next(2) == 0 ? spread : 1 / spread;
    });

    /// <summary>Normal weights of deviation <c>√(gain / fanIn)</c> (He and others, 2015: a gain of 2 keeps the variance behind a
    /// Relu).</summary>
    /// <param name="spread">One factor per entry of <paramref name="axis"/>; null: 1.</param>
    public OnnxTensor Weight(long[] shape, long fanIn, float gain, float[]? spread = null, int axis = 0)
    {
        float deviation = MathF.Sqrt(gain / fanIn);
        float[] values = Normals(Count(shape), 0, deviation);
        long inner = Count(shape[(axis + 1)..]);
        for (int i = 0; spread is not null && i < values.Length; i++)
            values[i] *= spread[i / inner % shape[axis]];
        return OnnxTensor.Float(shape, values);
    }

    /// <summary>Factors of a normalization: most of them from 0.4 to 1.3, one in sixteen nearly nothing, as weight decay leaves channels
    /// that
    /// nobody needs.</summary>
    public float[] Gammas(long channels) => Fill(channels, () => random.Next(16) == 0 ? Uniform(0.005f, 0.03f) : Uniform(0.4f, 1.3f));

    private static long Count(long[] shape) => shape.Aggregate(1L, (product, dimension) => product * dimension);

    private static float[] Fill(long count, Func<float> next)
    {
        var values = new float[count];
        for (int i = 0; i < values.Length; i++)
            values[i] = next();
        return values;
    }
}
