using QuantBuild.Settings;

namespace QuantBuild.Search;

/// <summary>What a search chooses from, with what is known before anything is measured as a whole.</summary>
/// <param name="Layers">In the order of the graph.</param>
/// <param name="OtherBytes">Of the file, without the weights of these layers.</param>
/// <param name="OtherCost">Estimated time of everything else, in nanoseconds.</param>
/// <param name="FloatCost">Estimated time of the float model, in nanoseconds.</param>
internal sealed record SearchProblem(
    IReadOnlyList<LayerChoices> Layers, long OtherBytes, double OtherCost, double FloatCost, QuantizationObjective Objective, SearchLimits Limits)
{
    /// <summary>True for a candidate that chooses one of the options for every layer.</summary>
    public bool Has(Measured candidate) => Layers.All(layer => layer.Options.Any(option => option.Form == candidate.Proposal.Assignment.Of(layer.Layer)));
}

/// <param name="Layer">Name of the node, as reports have it. Nodes that share a weight are one layer.</param>
/// <param name="Options">At least one; no two of the same form.</param>
internal sealed record LayerChoices(string Layer, IReadOnlyList<LayerOption> Options);

/// <summary>One form of one layer.</summary>
/// <param name="Noise">Power of what it alone changes in the outputs of the model, over their power; at least 0. Powers of several layers add up.</param>
/// <param name="Bytes">Of its weights in the file, with nodes that restore them.</param>
/// <param name="Cost">Estimated time of a run of it, in nanoseconds, with a share of the conversions around it.</param>
internal sealed record LayerOption(LayerForm Form, double Noise, long Bytes, double Cost);

/// <param name="MaxBytes">Of the file; null: no limit.</param>
/// <param name="MaxCost">Estimated time of a run over that of the float model; null: no limit.</param>
internal sealed record SearchLimits(long? MaxBytes, double? MaxCost);

/// <summary>A choice for every layer, and what the problem expects of it.</summary>
/// <param name="Noise">Sum over the layers.</param>
/// <param name="Bytes">Of the whole file.</param>
/// <param name="Cost">Of a whole run over that of the float model.</param>
internal sealed record Proposal(LayerAssignment Assignment, double Noise, long Bytes, double Cost)
{
    public double Decibels => -10 * Math.Log10(Noise);
}

/// <summary>What was measured of the file that a proposal became.</summary>
/// <param name="Noise">Power of the error of the outputs over their power; NaN when outputs cannot be compared.</param>
/// <param name="Drop">How much worse than the float model, in the metric's own unit; null when nothing measures it.</param>
/// <param name="Excess">By how much it misses the limits of accuracy, in the metric's own unit; 0 or less when it keeps them.</param>
internal sealed record Measured(Proposal Proposal, long Bytes, double Cost, double Noise, double? Drop, double Excess)
{
    /// <summary>True when every limit is kept.</summary>
    public bool Fits(SearchLimits limits) =>
        Excess <= 0 && !(Bytes > limits.MaxBytes) && !(Cost > limits.MaxCost);
}

/// <summary>Makes a file of a proposal and measures it. It takes seconds to minutes.</summary>
internal delegate Measured Evaluation(Proposal proposal);

/// <summary>One way to find the best choice.</summary>
internal interface ICandidateSearch
{
    /// <summary>Calls <paramref name="evaluate"/> at most <paramref name="evaluations"/> times, never twice with the same assignment.</summary>
    /// <param name="known">What has been measured already, in order; it counts as evaluated.</param>
    /// <returns>All that is measured, the known ones first, in order.</returns>
    IReadOnlyList<Measured> Run(SearchProblem problem, IReadOnlyList<Measured> known, int evaluations, Evaluation evaluate);
}
