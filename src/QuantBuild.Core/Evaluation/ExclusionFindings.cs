namespace QuantBuild.Evaluation;

/// <summary>What was measured of keeping nodes of a refused model in float. It holds for any limits; whether they are kept is for who asks.</summary>
/// <param name="Tried">Each alone, the one that gives most back first.</param>
/// <param name="Together">Names of the best of them, which were left out together; empty when none gives anything back.</param>
/// <param name="Accuracy">Of that model on the samples of the gate; null when there is none.</param>
/// <param name="Bytes">Of its file.</param>
/// <param name="Cost">Estimated time of a run over that of the float model.</param>
/// <param name="CalibrationSamples">That the model was made from.</param>
internal sealed record ExclusionFindings(
    IReadOnlyList<TriedExclusion> Tried, IReadOnlyList<string> Together, AccuracyComparison? Accuracy, long Bytes, double Cost, long CalibrationSamples);

/// <param name="Node">Name for people, and for <c>ExcludedNodes</c>.</param>
/// <param name="GainDecibels">By which the signal-to-noise ratio of the outputs rises on held-out calibration samples.</param>
internal sealed record TriedExclusion(string Node, double GainDecibels);
