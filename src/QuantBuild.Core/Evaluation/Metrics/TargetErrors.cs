using QuantBuild.Onnx;

namespace QuantBuild.Evaluation.Metrics;

/// <summary>Errors of an output against the values that it should have.</summary>
internal static class TargetErrors
{
    /// <summary>Stands for a mean that is not finite, such as that of an output with NaN: worse than any real one, and its square is finite.</summary>
    public const double NotFinite = 1e30;

    /// <summary>Mean over the values of a function of output minus target.</summary>
    public static double Mean(SampleOutput output, SampleTarget target, Func<double, double> ofDifference)
    {
        ReadOnlySpan<float> values = output.Span;
        ReadOnlySpan<double> right = target.Span;
        if (values.Length != right.Length)
            throw new TargetException(target.Name, FormattableString.Invariant(
                $"a sample of it has {right.Length} values, and the output '{output.Name}' has {values.Length}"));
        double sum = 0;
        for (int i = 0; i < values.Length; i++)
            sum += ofDifference(values[i] - right[i]);
        return values.Length == 0 ? 0 : double.IsFinite(sum) ? Math.Min(sum / values.Length, NotFinite) : NotFinite;
    }

    public static double MeanSquare(SampleOutput output, SampleTarget target) => Mean(output, target, difference => difference * difference);

    /// <summary>The largest value that a target of the type can have; floats are taken to reach from 0 to 1.</summary>
    public static double Peak(OnnxElementType type) => type switch
    {
        OnnxElementType.UInt8 => byte.MaxValue,
        OnnxElementType.UInt16 => ushort.MaxValue,
        _ => 1,
    };
}

/// <summary>Mean over the samples of the mean of |output − target|.</summary>
internal sealed class MeanAbsoluteError : ISampleMetric
{
    public bool IsRightOrWrong => false;

    public double Score(IReadOnlyList<SampleOutput> outputs, MetricSample sample) => TargetErrors.Mean(outputs[0], sample.Targets[0], Math.Abs);
}

/// <summary>Mean over the samples of the mean of (output − target)².</summary>
internal sealed class MeanSquaredError : ISampleMetric
{
    public bool IsRightOrWrong => false;

    public double Score(IReadOnlyList<SampleOutput> outputs, MetricSample sample) => TargetErrors.MeanSquare(outputs[0], sample.Targets[0]);
}

/// <summary>Peak signal-to-noise ratio: 10·log₁₀(peak² / mean squared error) in decibels, mean over the samples.</summary>
/// <remarks>
/// Huynh-Thu and Ghanbari, Scope of validity of PSNR in image/video quality assessment, 2008. The peak is 255 for targets of type uint8, 65,535 for uint16
/// and 1 for others; outputs have the unit of the targets. Another peak would shift both models alike.
/// </remarks>
internal sealed class Psnr : ISampleMetric
{
    /// <summary>Decibels of a sample without any error: more than float32 can tell.</summary>
    public const double Perfect = 144;

    public bool IsRightOrWrong => false;

    public double Score(IReadOnlyList<SampleOutput> outputs, MetricSample sample)
    {
        double peak = TargetErrors.Peak(sample.Targets[0].ElementType);
        double error = TargetErrors.MeanSquare(outputs[0], sample.Targets[0]);
        return error == 0 ? Perfect : Math.Min(Perfect, 10 * Math.Log10(peak * peak / error));
    }
}
