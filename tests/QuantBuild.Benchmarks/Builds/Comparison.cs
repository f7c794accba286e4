namespace QuantBuild.Benchmarks.Builds;

/// <summary>Two models on the same samples, judged by arithmetic that shares nothing with the product's.</summary>
/// <param name="Metric">As reports name it.</param>
/// <param name="DropLow">Lower end of the 95 % confidence interval of the drop, paired.</param>
/// <param name="DropHigh">Upper end of it.</param>
/// <param name="SqnrDecibels">Power of the float outputs over the power of the difference, all outputs added up.</param>
/// <param name="WorstOutputSqnrDecibels">The same of the output that lost most.</param>
internal sealed record Comparison(
    string Metric, double Float, double Quantized, double DropLow, double DropHigh, double SqnrDecibels, double WorstOutputSqnrDecibels)
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
        (double low, double high) = DropInterval([.. ofReference.Zip(ofOther, (left, right) => left - right)], metric.IsRightOrWrong);
        (double Signal, double Noise)[] powers = [.. reference.Outputs.Zip(other.Outputs, Powers)];
        return new Comparison(
            metric.Name,
            ofReference.Average(),
            ofOther.Average(),
            low,
            high,
            Decibels(powers.Sum(power => power.Signal), powers.Sum(power => power.Noise)),
            powers.Min(power => Decibels(power.Signal, power.Noise)));

        IEnumerable<double> Scores(Predictions of) => Enumerable.Range(0, of.SampleCount).Select(sample => metric.Score(reference, of, sample));
    }

    /// <summary>Of right-or-wrong scores as Bonett and Price give it (2012), written with counts; of others Student's.</summary>
    private static (double Low, double High) DropInterval(double[] differences, bool isRightOrWrong)
    {
        int count = differences.Length;
        double centre = differences.Average();
        double half = StudentQuantile95(count - 1) * Math.Sqrt(differences.Sum(one => (one - centre) * (one - centre)) / (count - 1) / count);
        if (isRightOrWrong)
        {
            double n = count + 2;
            double lost = (differences.Count(one => one > 0) + 1) / n;
            double won = (differences.Count(one => one < 0) + 1) / n;
            centre = lost - won;
            half = Quantile95 * Math.Sqrt((lost + won - (centre * centre)) / n);
        }
        return (centre - half, centre + half);
    }

    /// <summary>Where the integral of Student's density from 0 reaches 0.475, by Simpson's rule and bisection.</summary>
    private static double StudentQuantile95(int degrees)
    {
        const int Steps = 2000;
        double low = 0;
        double high = 1000;
        while (high - low > 1e-12 * high)
        {
            double middle = (low + high) / 2;
            if (Area(middle) / Area(1e6) < 0.95)
                low = middle;
            else
                high = middle;
        }
        return low;

        // With t = √ν·tan θ the density becomes cos^(ν−1) θ, which is smooth up to θ = π/2.
        double Area(double t)
        {
            double end = Math.Atan(t / Math.Sqrt(degrees));
            double width = end / Steps;
            return Enumerable.Range(0, Steps + 1).Sum(i =>
                (i is 0 or Steps ? 1 : i % 2 == 1 ? 4 : 2) * Math.Pow(Math.Cos(i * width), degrees - 1)) * width / 3;
        }
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
