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
        // What bodies read from around them stands in the plan of each; the graph that it comes from is the first.
        PlannedActivation[] activations = [.. placement.Activations.DistinctBy(activation => activation.Value)];
        var own = new Dictionary<string, QuantizationParameters>(StringComparer.Ordinal);
        foreach (PlannedActivation activation in activations.Where(activation => activation.TiedTo is null))
            own.Add(activation.Value, Parameters(table.Activations[activation.Value], activation.Bounds, estimator));
        // Backwards: what a concatenation gives may go into the next one.
        foreach (PlannedActivation activation in activations.AsEnumerable().Reverse())
            if (activation.JoinedInto is { } joined && Allows(own[activation.Value], own[joined]))
                own[activation.Value] = own[joined];

        var parameters = new Dictionary<string, QuantizationParameters>(StringComparer.Ordinal);
        foreach (PlannedActivation activation in activations)
            parameters.Add(activation.Value, activation.TiedTo is { } tied ? parameters[tied] : own[activation.Value]);
        return new PrecisionPlan(placement, parameters);
    }

    /// <remarks>A range that begins at zero may do the work of a Relu.</remarks>
    private static bool Allows(QuantizationParameters own, QuantizationParameters joined) => own.ZeroPoint != 0 || joined.ZeroPoint == 0;

    private static QuantizationParameters Parameters(StreamingHistogram histogram, ReadBounds? bounds, RangeEstimator estimator)
    {
        TensorRange range = estimator == RangeEstimator.MinMax ? MinMaxRange.Estimate(histogram) : MeanSquaredErrorRange.Estimate(histogram);
        return bounds is null
            ? QuantizationParameters.Asymmetric(range.Minimum, range.Maximum)
            : QuantizationParameters.Asymmetric(Math.Max(range.Minimum, bounds.Low), Math.Min(range.Maximum, bounds.High));
    }
}
