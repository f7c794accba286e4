namespace QuantBuild.Benchmarks.Builds;

/// <summary>Two models on the same samples, judged by arithmetic that shares nothing with the product's.</summary>
/// <param name="Metric">As reports name it.</param>
/// <param name="HalfInterval">Half of the width of the 95 % confidence interval of the drop, paired.</param>
/// <param name="SqnrDecibels">Power of the float outputs over the power of the difference, all outputs added up.</param>
/// <param name="WorstOutputSqnrDecibels">The same of the output that lost most.</param>
internal sealed record Comparison(
    string Metric, double Float, double Quantized, double HalfInterval, double SqnrDecibels, double WorstOutputSqnrDecibels)
{
    /// <summary>Two-sided 95 % quantile of the normal distribution.</summary>
    private const double Quantile95 = 1.959964;

    public double Drop => Float - Quantized;

    /// <exception cref="InvalidDataException">The outputs are not of the same number or size.</exception>
    public static Comparison Of(Predictions reference, Predictions other, TaskMetric metric)
    {
        if (!reference.Outputs.Select(output => output.Length).SequenceEqual(other.Outputs.Select(output => output.Length)))
            throw new InvalidDataException("its outputs have another shape than the float model's");
        double[] ofReference = [.. Scores(reference)];
        double[] ofOther = [.. Scores(other)];
        double drop = ofReference.Average() - ofOther.Average();
        double variance = ofReference.Zip(ofOther, (left, right) => Math.Pow(left - right - drop, 2)).Average();
        (double Signal, double Noise)[] powers = [.. reference.Outputs.Zip(other.Outputs, Powers)];
        return new Comparison(
            metric.Name,
            ofReference.Average(),
            ofOther.Average(),
            Quantile95 * Math.Sqrt(variance / ofReference.Length),
            Decibels(powers.Sum(power => power.Signal), powers.Sum(power => power.Noise)),
            powers.Min(power => Decibels(power.Signal, power.Noise)));

        IEnumerable<double> Scores(Predictions of) => Enumerable.Range(0, of.SampleCount).Select(sample => metric.Score(reference, of, sample));
    }

    private static (double Signal, double Noise) Powers(float[] reference, float[] other)
    {
        double signal = 0;
        double noise = 0;
        for (int i = 0; i < reference.Length; i++)
        {
            // Equal infinities and NaN, which models put out on purpose, are no noise and have no power.
            if (!float.IsFinite(reference[i]) && reference[i].Equals(other[i]))
                continue;
            double difference = (double)reference[i] - other[i];
            signal += (double)reference[i] * reference[i];
            noise += difference * difference;
        }
        return (signal, noise);
    }

    /// <summary>Infinite without noise, whatever the signal is.</summary>
    private static double Decibels(double signal, double noise) => noise == 0 ? double.PositiveInfinity : 10 * Math.Log10(signal / noise);
}
