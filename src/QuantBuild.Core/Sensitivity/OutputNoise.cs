using QuantBuild.Execution;
using QuantBuild.Numerics;

namespace QuantBuild.Sensitivity;

/// <summary>Adds up how far outputs are from those of the float model. What is not added does not differ.</summary>
internal sealed class OutputNoise(ProbeSamples samples)
{
    /// <summary>Rows whose values add up to 1 within this are probabilities already.</summary>
    private const double SumTolerance = 1e-3;

    /// <summary>The smallest probability that is told from 0.</summary>
    private const double LeastProbability = 1e-12;

    private double error;
    private double divergence;

    /// <summary>Power of the difference over that of the float outputs.</summary>
    public double Noise => samples.Signal > 0 ? error / samples.Signal : 0;

    /// <summary>In nats, mean over all rows; null when no output has rows.</summary>
    public double? Divergence => samples.Rows > 0 ? divergence / samples.Rows : null;

    public void Add(int batch, string name, OutputTensor output)
    {
        ReferenceOutput reference = samples.Reference(batch, name);
        if (reference.Signal == 0)
            return;
        // Lists of detections may differ in length; then everything is lost.
        bool isComparable = output.Floats.Length == reference.Values.Length;
        double difference = isComparable ? SquaredErrorKernel.Sum(reference.Values, output.Floats).Error : reference.Signal;
        error += double.IsFinite(difference) ? difference : reference.Signal;
        if (isComparable && double.IsFinite(difference))
            for (int row = 0; row < reference.Rows; row++)
                divergence += DivergenceOf(
                    reference.Values.AsSpan(row * reference.RowLength, reference.RowLength), output.Floats.Slice(row * reference.RowLength, reference.RowLength));
    }

    /// <summary>Σ p·(ln p − ln q)</summary>
    private static double DivergenceOf(ReadOnlySpan<float> real, ReadOnlySpan<float> other)
    {
        bool areProbabilities = AreProbabilities(real);
        double realSum = SumOf(real, areProbabilities, out float realLargest);
        double otherSum = SumOf(other, areProbabilities, out float otherLargest);
        double sum = 0;
        for (int i = 0; i < real.Length; i++)
        {
            double p = areProbabilities ? real[i] : Math.Exp(real[i] - realLargest) / realSum;
            double q = areProbabilities ? Math.Max(0, other[i] / otherSum) : Math.Exp(other[i] - otherLargest) / otherSum;
            if (p > LeastProbability)
                sum += p * Math.Log(p / Math.Max(q, LeastProbability));
        }
        return Math.Max(0, sum);
    }

    private static bool AreProbabilities(ReadOnlySpan<float> row)
    {
        double sum = 0;
        foreach (float value in row)
        {
            if (value < 0)
                return false;
            sum += value;
        }
        return Math.Abs(sum - 1) < SumTolerance;
    }

    private static double SumOf(ReadOnlySpan<float> row, bool areProbabilities, out float largest)
    {
        largest = float.NegativeInfinity;
        foreach (float value in row)
            largest = Math.Max(largest, value);
        double sum = 0;
        foreach (float value in row)
            sum += areProbabilities ? Math.Max(0, value) : Math.Exp(value - largest);
        return sum > 0 ? sum : 1;
    }
}
