namespace QuantBuild.Reporting;

/// <summary>How the form of the model was found that ships.</summary>
/// <param name="Profile">Target profile by whose table costs are estimated: <c>X64Vnni</c>.</param>
/// <param name="Method">What proposed the candidates: <c>Exact</c> or <c>Evolutionary</c>.</param>
/// <param name="PlannedEvaluations">Candidates that the time budget allows, by the table.</param>
/// <param name="Evaluations">Candidates that were made and measured.</param>
/// <param name="StoppedByClock">True when the clock ended the search before that.</param>
/// <param name="FloatPasses">What the search cost, in runs of the float model over the calibration samples.</param>
/// <param name="Candidates">In the order in which they were measured.</param>
/// <param name="Sensitivities">What each layer does to the outputs in each form, alone.</param>
internal sealed record SearchReport(
    string Profile,
    string Method,
    int PlannedEvaluations,
    int Evaluations,
    bool StoppedByClock,
    double FloatPasses,
    IReadOnlyList<CandidateReport> Candidates,
    IReadOnlyList<SensitivityReport> Sensitivities);

/// <summary>One form of the whole model.</summary>
/// <param name="Bytes">Of its file.</param>
/// <param name="EstimatedCost">Estimated time of a run over that of the float model.</param>
/// <param name="PredictedDecibels">Signal-to-noise ratio of the outputs that the solver expected; null for what it did not propose.</param>
/// <param name="SqnrDecibels">That which was measured; null when outputs hold what cannot be compared.</param>
/// <param name="Drop">How much worse than the float model, in the metric's own unit; null when it was not measured.</param>
/// <param name="DropInterval">95 % confidence interval; ends are null where the samples cannot tell.</param>
/// <param name="Fits">True when it keeps every limit.</param>
/// <param name="OnFront">True when no other candidate is at least as small, as fast and as accurate, and better in one of them.</param>
/// <param name="Chosen">True for what ships.</param>
/// <param name="Forms">How many layers have which form: <c>integers 4 bits</c> → 12.</param>
/// <param name="Misses">What would have to change for it to keep the limits: <c>0.4 points less drop</c>; null when it does.</param>
internal sealed record CandidateReport(
    string Name,
    long Bytes,
    double EstimatedCost,
    double? PredictedDecibels,
    double? SqnrDecibels,
    double? Drop,
    IReadOnlyList<double?>? DropInterval,
    bool Fits,
    bool OnFront,
    bool Chosen,
    IReadOnlyDictionary<string, int> Forms,
    string? Misses = null)
{
    /// <summary>Drop that was expected before it was measured; null for the first candidate.</summary>
    public double? PredictedDrop { get; init; }
}

/// <param name="Node">Name of the layer.</param>
/// <param name="Form">In what form it alone was: <c>integers 4 bits</c>.</param>
/// <param name="SqnrDecibels">Signal-to-noise ratio of the model's outputs; null when they do not differ.</param>
/// <param name="Bytes">Of its weights in this form.</param>
/// <param name="Measured">False when it was worked out from a measurement of another form.</param>
internal sealed record SensitivityReport(string Node, string Form, double? SqnrDecibels, long Bytes, bool Measured);
