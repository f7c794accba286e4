namespace QuantBuild.Evaluation;

/// <summary>What a step that may give accuracy back did.</summary>
/// <param name="Step">Name of the setting.</param>
/// <param name="Kept">False when it was tried and dropped, or found nothing to do.</param>
/// <param name="Without">Signal-to-noise ratio of the outputs on held-out calibration samples, in decibels; null when it was not tried.</param>
/// <param name="With">The same with the step.</param>
/// <param name="Reason">Why it was not tried, though it was asked for; null otherwise.</param>
internal sealed record RecoveryOutcome(string Step, bool Kept, double? Without, double? With, string? Reason = null);
