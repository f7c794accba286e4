namespace QuantBuild.Reporting.Html.Sections;

/// <summary>What the gate said, for people.</summary>
/// <param name="Kind"><c>passed</c>, <c>open</c> where nothing was demanded or measured, <c>warned</c> or <c>refused</c>.</param>
/// <param name="Word">In one or two words.</param>
internal sealed record Verdict(string Kind, string Word, string Sentence)
{
    /// <summary>As the gate compares.</summary>
    private const double Rounding = 1e-9;

    public static Verdict Of(QuantizationReport report)
    {
        if (report.Accuracy is not { } accuracy)
            return new Verdict("open", "Not measured", "There was no data to measure the accuracy with, so nothing was held against a limit.");
        if (!accuracy.Passed)
            return new Verdict("refused", "Refused", "The model does not keep its limits and does not ship. The settings of the gate are in the list of settings.");
        if (Exceeds(accuracy))
            return new Verdict("warned", "Over a limit", "The model does not keep its limits. It ships all the same, as the gate is set to do no more than tell.");
        return accuracy is { MaxAccuracyDrop: null, MinAccuracy: null, MaxError: null }
            ? new Verdict("open", "No limit", "No limit is set: MaxAccuracyDrop, MinAccuracy and MaxError make a build fail whose model is worse than they allow.")
            : accuracy.MaxAccuracyDrop is { } limit && accuracy.DropInterval.ElementAtOrDefault(1) is { } high && high > limit + Rounding
            ? new Verdict("passed", "Passed", "The measured drop keeps the limit, but its interval reaches beyond: more samples would tell more.")
            : new Verdict("passed", "Passed", "The model keeps its limits.");
    }

    private static bool Exceeds(AccuracyReport accuracy) =>
        accuracy.Drop > accuracy.MaxAccuracyDrop + Rounding
        || accuracy.Quantized < accuracy.MinAccuracy - Rounding
        || accuracy.Quantized > accuracy.MaxError + Rounding;
}
