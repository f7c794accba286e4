using QuantBuild.Settings;

namespace QuantBuild.Evaluation;

/// <summary>Float and quantized on the same samples.</summary>
/// <param name="Metric">Never <see cref="AccuracyMetric.Auto"/>.</param>
/// <param name="Float">The metric of the float model.</param>
/// <param name="Quantized">The metric of the file that ships.</param>
/// <param name="DropLow">Lower end of the 95 % confidence interval of the drop.</param>
/// <param name="DropHigh">Upper end of it.</param>
/// <param name="SqnrDecibels">Power of the float outputs over the power of their difference, over all samples and float outputs.</param>
/// <param name="SampleCount">Samples that were compared.</param>
/// <param name="ClassCount">Values of the output that top-1 is measured on; 0 for other metrics.</param>
internal sealed record AccuracyComparison(
    AccuracyMetric Metric, double Float, double Quantized, double DropLow, double DropHigh, double SqnrDecibels, long SampleCount, int ClassCount = 0)
{
    /// <summary>Float minus quantized, in the metric's own unit.</summary>
    public double Drop => Float - Quantized;
}
