using QuantBuild.Calibration;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Precision;
using QuantBuild.Reconstruction;

namespace QuantBuild;

/// <summary>A float model that computes what the prepared one does, with what calibration showed of it.</summary>
internal sealed record Draft(OnnxModel Model, TensorFacts Facts, PlacementPlan Placement, CalibrationTable Table)
{
    /// <summary>The plan whose activations were observed; calibration may have shown that some of its nodes stay float.</summary>
    public PlacementPlan Observed { get; init; } = Placement;

    /// <summary>What the same samples show of another plan for the same model.</summary>
    /// <returns>Null when something that the plan asks for was not observed.</returns>
    public CalibrationTable? TableFor(PlacementPlan plan, OnnxModel model)
    {
        if (!ReferenceEquals(model, Model))
            return null;
        HashSet<string> own = [.. Observed.Activations.Where(activation => activation.TiedTo is null).Select(activation => activation.Value)];
        var statistics = new Dictionary<string, TensorStatistics>(StringComparer.Ordinal);
        foreach (PlannedActivation activation in plan.Activations.Where(activation => activation.TiedTo is null))
        {
            if (!own.Contains(activation.Value))
                return null;
            statistics[activation.Value] = Table.Statistics[activation.Value];
        }
        foreach (PlannedActivation activation in plan.Activations)
            if (activation.TiedTo is { } tied)
                statistics.TryAdd(activation.Value, statistics[tied]);
        return new CalibrationTable(statistics, Table.SampleCount) { MaskInput = Table.MaskInput, Rows = Table.Rows };
    }
}

/// <summary>A draft with everything that is needed to write it.</summary>
internal sealed record Candidate(Draft Draft, PrecisionPlan Precision, WeightCodes Codes);
