using QuantBuild.Calibration;
using QuantBuild.Numerics;
using QuantBuild.Placement;
using QuantBuild.Settings;

namespace QuantBuild.Precision;

/// <summary>Turns what was seen of each activation into the parameters it is quantized with.</summary>
internal static class PrecisionChooser
{
    public static PrecisionPlan Choose(PlacementPlan placement, CalibrationTable table, RangeEstimator estimator)
    {
        var parameters = new Dictionary<string, QuantizationParameters>(StringComparer.Ordinal);
        foreach (PlannedActivation activation in placement.Activations)
            if (!parameters.ContainsKey(activation.Value))
                parameters.Add(
                    activation.Value,
                    activation.TiedTo is { } tied ? parameters[tied] : Parameters(table.Activations[activation.Value], estimator));
        return new PrecisionPlan(placement, parameters);
    }

    private static QuantizationParameters Parameters(StreamingHistogram histogram, RangeEstimator estimator)
    {
        TensorRange range = estimator == RangeEstimator.MinMax ? MinMaxRange.Estimate(histogram) : MeanSquaredErrorRange.Estimate(histogram);
        return QuantizationParameters.Asymmetric(range.Minimum, range.Maximum);
    }
}
