namespace QuantBuild.Evaluation.Metrics;

/// <summary>A metric of both models on the same samples.</summary>
/// <param name="Low">Lower end of the 95 % confidence interval of float minus quantized; −∞ when the samples cannot tell.</param>
/// <param name="High">Upper end.</param>
internal readonly record struct MetricFigures(double Float, double Quantized, double Low, double High, long Count);

/// <summary>Collects what both models score.</summary>
/// <typeparam name="T">What one sample gives.</typeparam>
internal interface ITally<in T>
{
    void Add(T sample);

    MetricFigures Figures { get; }
}

internal readonly record struct PairedScore(double Float, double Quantized);

internal readonly record struct PairedSums(SampleSums Float, SampleSums Quantized);
