using QuantBuild.Numerics;

namespace QuantBuild.Precision;

/// <summary>From the smallest to the largest value seen: nothing saturates, and one outlier widens every step.</summary>
internal static class MinMaxRange
{
    public static TensorRange Estimate(StreamingHistogram histogram) => new(histogram.Minimum, histogram.Maximum);
}
