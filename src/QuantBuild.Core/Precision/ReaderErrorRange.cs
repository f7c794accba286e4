using QuantBuild.Calibration;
using QuantBuild.Numerics;

namespace QuantBuild.Precision;

/// <summary>The range that does the least harm at the outputs of those who read the tensor.</summary>
/// <remarks>Candidates are the ranges of the other estimators and, around the best of them, ranges with either end moved. Readers without weights count by the
/// error of the tensor itself.</remarks>
internal static class ReaderErrorRange
{

    /// <param name="readers">Of those that have weights.</param>
    /// <param name="othersRead">True when others read the tensor quantized.</param>
    public static TensorRange Estimate(
        TensorStatistics statistics, IReadOnlyList<ReaderError> readers, bool othersRead, Func<TensorRange, QuantizationParameters> fit)
    {
        StreamingHistogram histogram = statistics.Histogram;
        TensorRange squared = MeanSquaredErrorRange.Estimate(histogram, fit);
        if (readers.Count == 0 || histogram.Total == 0)
            return squared;
        HistogramBins? bins = othersRead ? HistogramBins.Of(histogram) : null;
        double power = bins?.MeanSquare ?? 0;

        TensorRange best = squared;
        double least = Error(squared);
        foreach (TensorRange candidate in new[] { MinMaxRange.Estimate(histogram), PercentileRange.Estimate(histogram) })
            Try(candidate);
        return best;

        void Try(TensorRange candidate)
        {
            double error = Error(candidate);
            if (error < least)
                (least, best) = (error, candidate);
        }

        double Error(TensorRange range)
        {
            QuantizationParameters parameters = fit(range);
            double error = readers.Sum(reader => reader.Of(parameters));
            return power > 0 ? error + (bins!.SquaredError(parameters) / power) : error;
        }
    }
}
