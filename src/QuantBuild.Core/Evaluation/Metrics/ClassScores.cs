namespace QuantBuild.Evaluation.Metrics;

/// <summary>A score for every class, at one or many positions.</summary>
/// <remarks>
/// An axis of length 1 in front is that of samples. What is left: <c>[C]</c> is one position, <c>[T, C]</c> a sequence, <c>[C, H, W]</c> and longer an image.
/// </remarks>
internal readonly ref struct ClassScores
{
    private readonly ReadOnlySpan<float> values;
    private readonly bool classesLast;

    private ClassScores(ReadOnlySpan<float> values, int classes, bool classesLast)
    {
        this.values = values;
        this.classesLast = classesLast;
        Classes = classes;
        Positions = classes == 0 ? 0 : values.Length / classes;
    }

    public int Classes { get; }

    public int Positions { get; }

    public bool IsOfSizeOf(ClassScores other) => Positions == other.Positions && Classes == other.Classes;

    public float this[int position, int index] => values[classesLast ? (position * Classes) + index : (index * Positions) + position];

    public static ClassScores Of(SampleOutput output)
    {
        IReadOnlyList<long> shape = WithoutSamples(output.Shape);
        return shape.Count switch
        {
            < 2 => new ClassScores(output.Span, output.Span.Length, classesLast: true),
            2 => Last(output),
            _ => new ClassScores(output.Span, (int)shape[0], classesLast: false),
        };
    }

    /// <summary>The last axis counts classes, whatever the others are.</summary>
    public static ClassScores Last(SampleOutput output) =>
        new(output.Span, output.Shape.Count == 0 ? output.Span.Length : (int)output.Shape[^1], classesLast: true);

    /// <summary>The axis counts classes that a label map does not have: the first of those that could be.</summary>
    /// <returns>False when the map fits neither way.</returns>
    public static bool TryFit(SampleOutput output, IReadOnlyList<long> map, out ClassScores scores)
    {
        long[] shape = [.. WithoutSamples(output.Shape)];
        long[] pixels = [.. map.Where(length => length != 1)];
        bool first = shape.Length > 1 && shape[1..].Where(length => length != 1).SequenceEqual(pixels);
        bool last = shape.Length > 1 && shape[..^1].Where(length => length != 1).SequenceEqual(pixels);
        scores = first ? new ClassScores(output.Span, (int)shape[0], classesLast: false) : last ? Last(output) : default;
        return first || last;
    }

    /// <summary>The class with the largest score, the first of equals; −1 when all are NaN.</summary>
    public int Best(int position)
    {
        int best = -1;
        for (int i = 0; i < Classes; i++)
        {
            float value = this[position, i];
            if (!float.IsNaN(value) && (best < 0 || value > this[position, best]))
                best = i;
        }
        return best;
    }

    /// <summary>Natural logarithms of the probabilities: of the softmax, or of the scores where they are probabilities already (none negative, sum 1).</summary>
    /// <param name="logarithms">As many as classes. Softmax: xᵢ − max − ln Σ exp(xⱼ − max).</param>
    public void LogProbabilities(int position, Span<double> logarithms)
    {
        const double sumTolerance = 1e-3;
        double largest = double.NegativeInfinity;
        double sum = 0;
        bool areProbabilities = true;
        for (int i = 0; i < Classes; i++)
        {
            double value = this[position, i];
            largest = Math.Max(largest, value);
            areProbabilities &= value >= 0;
            sum += value;
        }
        areProbabilities &= Math.Abs(sum - 1) < sumTolerance;
        double exponentials = 0;
        for (int i = 0; i < Classes; i++)
            exponentials += Math.Exp(this[position, i] - largest);
        for (int i = 0; i < Classes; i++)
            logarithms[i] = areProbabilities ? Math.Log(this[position, i] / sum) : this[position, i] - largest - Math.Log(exponentials);
    }

    private static IReadOnlyList<long> WithoutSamples(IReadOnlyList<long> shape) => shape is [1, _, ..] ? [.. shape.Skip(1)] : shape;
}
