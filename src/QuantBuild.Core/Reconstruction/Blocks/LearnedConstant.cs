using QuantBuild.Differentiation;

namespace QuantBuild.Reconstruction.Blocks;

/// <summary>A float constant of a block while it is learned: a bias, a factor of a normalization, the scale of an activation.</summary>
/// <param name="unit">What a rate of 1 stands for.</param>
/// <param name="isPositive">It stays above 0.</param>
internal sealed class LearnedConstant(string name, DenseTensor first, float rate, float unit, bool isPositive = false)
{
    /// <summary>What is left of a positive constant at least.</summary>
    private const float SmallestPart = 0.01f;

    private readonly Adam descent = new(first.Length);

    public string Name => name;

    public DenseTensor Tensor { get; } = new([.. first.Shape], first.Values.ToArray());

    /// <param name="part">Of the first rate.</param>
    public void Step(ReadOnlySpan<float> gradient, float part)
    {
        descent.Step(Tensor.Values, gradient, rate * unit * part);
        if (!isPositive)
            return;
        Span<float> values = Tensor.Values;
        for (int i = 0; i < values.Length; i++)
            values[i] = Math.Max(values[i], first.Values[i] * SmallestPart);
    }
}
