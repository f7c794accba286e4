using QuantBuild.Calibration;

namespace QuantBuild.Precision;

/// <summary>The moving average of the smallest and largest values of the batches; extremes of single batches count little.</summary>
internal static class MovingAverageRange
{
    public static TensorRange Estimate(TensorStatistics statistics) => new(statistics.MovingRange.Average.Minimum, statistics.MovingRange.Average.Maximum);
}
