using QuantBuild.Numerics;

namespace QuantBuild.Core.Tests.Precision;

/// <summary>Values as activations have them.</summary>
internal sealed record Distribution(string Name, float[] Values)
{
    private const int Count = 40_000;

    public static IEnumerable<Distribution> All()
    {
        yield return Of("Gaussian", 1, random => Gaussian(random));
        yield return Of("Gaussian off centre", 2, random => Gaussian(random) + 1.5);
        yield return Of("Laplace", 3, random => Laplace(random));
        yield return Of("half-normal", 4, random => Math.Abs(Gaussian(random)));
        yield return Of("half-normal below zero", 5, random => -Math.Abs(Gaussian(random)));
        yield return Of("Relu of a Gaussian", 6, random => Math.Max(0, Gaussian(random)));
        yield return Of("sparse Relu", 7, random => Math.Max(0, Laplace(random) - 1.6));
        yield return Of("uniform", 8, random => (random.NextDouble() * 3) - 1);
        yield return Of("far from zero", 9, random => 100 + Gaussian(random));
        yield return Of("with outliers", 10, random => random.Next(5000) == 0 ? 50 * Gaussian(random) : Gaussian(random));
        yield return Of("one outlier above", 11, random => Gaussian(random)) is { } gaussian
            ? gaussian with { Values = [.. gaussian.Values, 80] }
            : throw new InvalidOperationException();
        yield return Of("two values", 12, random => random.Next(2));
        yield return Of("8-bit image", 14, random => (random.Next(256) / 127.5) - 1);
        yield return Of("Relu6", 15, random => Math.Clamp(3 * Gaussian(random), 0, 6));
        yield return Of("Gelu", 16, random => Gelu(2 * Gaussian(random)));
        yield return Of("sigmoid", 13, random => 1 / (1 + Math.Exp(-3 * Gaussian(random))));
    }

    public StreamingHistogram Histogram()
    {
        var histogram = new StreamingHistogram();
        histogram.Add(Values);
        return histogram;
    }

    public override string ToString() => Name;

    private static Distribution Of(string name, int seed, Func<Random, double> draw)
    {
        var random = new Random(seed);
        return new Distribution(name, [.. Enumerable.Range(0, Count).Select(_ => (float)draw(random))]);
    }

    /// <remarks>Box and Muller's transform.</remarks>
    private static double Gaussian(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <remarks>With the logistic function in place of the normal distribution, which is near it.</remarks>
    private static double Gelu(double x) => x / (1 + Math.Exp(-1.702 * x));

    private static double Laplace(Random random) =>
        -Math.Log(1 - random.NextDouble()) * (random.Next(2) == 0 ? -1 : 1);
}
