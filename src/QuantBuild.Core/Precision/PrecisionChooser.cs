using QuantBuild.Calibration;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Settings;

namespace QuantBuild.Precision;

/// <summary>Turns what was seen of each activation into the parameters it is quantized with.</summary>
internal static class PrecisionChooser
{
    /// <param name="graph">The float model that the plan is for.</param>
    public static PrecisionPlan Choose(PlacementPlan placement, CalibrationTable table, RangeEstimator estimator, OnnxGraph graph)
    {
        ILookup<string, PlannedNode> readers = placement.Nodes
            .SelectMany(node => node.ActivationInputs.Select(input => (Value: node.Node.Inputs[input], Node: node)).Distinct())
            .ToLookup(read => read.Value, read => read.Node, StringComparer.Ordinal);
        // What bodies read from around them stands in the plan of each; the graph that it comes from is the first.
        PlannedActivation[] activations = [.. placement.Activations.DistinctBy(activation => activation.Value)];
        var own = new Dictionary<string, QuantizationParameters>(StringComparer.Ordinal);
        PlannedActivation[] independent = [.. activations.Where(activation => activation.TiedTo is null)];
        var chosen = new QuantizationParameters[independent.Length];
        Parallel.For(0, chosen.Length, i => chosen[i] = Parameters(independent[i]));
        for (int i = 0; i < chosen.Length; i++)
            own.Add(independent[i].Value, chosen[i]);

        // Backwards: what a concatenation gives may go into the next one.
        foreach (PlannedActivation activation in activations.AsEnumerable().Reverse())
            if (activation.JoinedInto is { } joined && Allows(own[activation.Value], own[joined]))
                own[activation.Value] = own[joined];

        var parameters = new Dictionary<string, QuantizationParameters>(StringComparer.Ordinal);
        foreach (PlannedActivation activation in activations)
            parameters.Add(activation.Value, activation.TiedTo is { } tied ? parameters[tied] : own[activation.Value]);
        return new PrecisionPlan(placement, parameters);

        QuantizationParameters Parameters(PlannedActivation activation)
        {
            TensorStatistics statistics = table.Statistics[activation.Value];
            return Fit(estimator switch
            {
                RangeEstimator.MinMax => MinMaxRange.Estimate(statistics.Histogram),
                RangeEstimator.MovingAverage => MovingAverageRange.Estimate(statistics),
                RangeEstimator.Percentile => PercentileRange.Estimate(statistics.Histogram),
                RangeEstimator.Entropy => EntropyRange.Estimate(statistics.Histogram),
                RangeEstimator.MeanSquaredError => MeanSquaredErrorRange.Estimate(statistics.Histogram, Fit),
                _ => ByReaders(activation.Value, statistics, Fit),
            });

            QuantizationParameters Fit(TensorRange range) => ActivationParameters.Of(range, activation.Bounds, statistics.IsGiven);
        }

        TensorRange ByReaders(string value, TensorStatistics statistics, Func<TensorRange, QuantizationParameters> fit)
        {
            ReaderError[] withWeights = [.. readers[value].Where(node => node.Weight is not null).Select(node => ReaderError.Of(node, table, graph)).OfType<ReaderError>()];
            return ReaderErrorRange.Estimate(statistics, withWeights, withWeights.Length < readers[value].Count(), fit);
        }
    }

    /// <remarks>A range that begins at zero may do the work of a Relu.</remarks>
    private static bool Allows(QuantizationParameters own, QuantizationParameters joined) => own.ZeroPoint != 0 || joined.ZeroPoint == 0;
}
