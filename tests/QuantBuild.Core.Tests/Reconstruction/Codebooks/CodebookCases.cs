using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Reconstruction.Codebooks;

/// <summary>Weights of known distributions and of a trained model.</summary>
internal static class CodebookCases
{
    public static IEnumerable<object[]> Distributions =>
    [
        ["Gaussian", Gaussian("gauss", 6000)],
        ["Laplace", Laplace("laplace", 6000)],
        .. TrainedWeights().Select((weights, i) => new object[] { $"trained {i}", weights }),
    ];

    public static float[] Gaussian(string seed, int count)
    {
        float[] radii = SeededValues.Floats(seed + " radius", 1e-7f, 1, count);
        float[] turns = SeededValues.Floats(seed + " angle", 0, MathF.Tau, count);
        return [.. radii.Zip(turns, (radius, turn) => MathF.Sqrt(-2 * MathF.Log(radius)) * MathF.Cos(turn))];
    }

    public static float[] Laplace(string seed, int count)
    {
        float[] sizes = SeededValues.Floats(seed + " size", 1e-7f, 1, count);
        float[] signs = SeededValues.Floats(seed + " sign", -1, 1, count);
        return [.. sizes.Zip(signs, (size, sign) => -MathF.Log(size) * MathF.Sign(sign))];
    }

    /// <summary>The weights of the digits model that are no biases.</summary>
    public static IEnumerable<float[]> TrainedWeights()
    {
        OnnxGraph graph = OnnxModelReader.Parse(TestModels.Digits(), new DiagnosticOrigin("digits.onnx", null)).Graph;
        return graph.InitializerNames
            .Select(name => graph.InitializerOf(name)!)
            .Where(tensor => tensor.ElementType == OnnxElementType.Float && tensor.Rank >= 2)
            .Select(tensor => tensor.Floats.ToArray());
    }

    /// <summary>The least error of all symmetric uniform grids with a level at zero, by a dense search of their scale.</summary>
    public static double BestUniformError(float[] weights, int bits)
    {
        int lowest = -(1 << (bits - 1));
        int highest = -lowest - 1;
        float largest = weights.Max(Math.Abs);
        return Enumerable.Range(1, 400).SelectMany(i => new[] { i, -i }).Min(i =>
        {
            double scale = largest * i / 400.0 / highest;
            return weights.Sum(weight =>
            {
                double distance = weight - (scale * Math.Clamp(Math.Round(weight / scale), lowest, highest));
                return distance * distance;
            });
        });
    }
}
