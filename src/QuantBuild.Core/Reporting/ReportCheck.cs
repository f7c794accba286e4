namespace QuantBuild.Reporting;

/// <summary>Finds what a report that was read lacks: the reader fills the fields that a file leaves out with null.</summary>
internal static class ReportCheck
{
    /// <returns>Path of a field without a value; null when all that must have one do.</returns>
    public static string? WhatIsMissing(QuantizationReport report) => First(
        Null("model", report.Model),
        Null("tool", report.Tool),
        Null("runtime", report.Runtime),
        Null("processor", report.Processor),
        Null("settings", report.Settings) ?? Items("settings", report.Settings.Values),
        Null("size", report.Size),
        Null("kernels", report.Kernels) ?? Null("kernels.weighted", report.Kernels.Weighted),
        Items("nodes", report.Nodes, node => First(Null("name", node.Name), Null("operator", node.Operator), Null("runs", node.Runs))),
        Items("activations", report.Activations, activation => First(
            Null("name", activation.Name), Null("type", activation.Type), Histogram("histogram", activation.Histogram))),
        Items("weights", report.Weights, weight => First(
            Null("name", weight.Name), Null("type", weight.Type), Null("scales", weight.Scales),
            Histogram("float", weight.Float), Histogram("quantized", weight.Quantized))),
        Items("recovery", report.Recovery, step => Null("step", step.Step)),
        Items("preparation", report.Preparation, pass => First(Null("pass", pass.Pass), Items("declined", pass.Declined))),
        Items("stages", report.Stages, stage => Null("stage", stage.Stage)),
        report.WrittenSettings is null ? null : Items("writtenSettings", report.WrittenSettings),
        report.Accuracy is { } accuracy ? Of(accuracy) : null,
        report.Search is { } search ? Of(search) : null);

    private static string? Of(AccuracyReport accuracy) => First(
        Null("accuracy.metric", accuracy.Metric),
        Null("accuracy.dropInterval", accuracy.DropInterval),
        accuracy.Slices is null ? null : Items("accuracy.slices", accuracy.Slices, slice => First(
            Null("name", slice.Name), Null("dropInterval", slice.DropInterval))));

    private static string? Of(SearchReport search) => First(
        Null("search.profile", search.Profile),
        Null("search.method", search.Method),
        Items("search.candidates", search.Candidates, candidate => First(Null("name", candidate.Name), Null("forms", candidate.Forms))),
        Items("search.sensitivities", search.Sensitivities, sensitivity => First(Null("node", sensitivity.Node), Null("form", sensitivity.Form))));

    private static string? Histogram(string path, HistogramReport? histogram) => histogram is null ? null : Null($"{path}.counts", histogram.Counts);

    private static string? Items<T>(string path, IEnumerable<T>? items, Func<T, string?>? missingOf = null)
        where T : class
    {
        if (items is null)
            return path;
        int i = 0;
        foreach (T? item in items)
        {
            if (item is null)
                return $"{path}[{i}]";
            if (missingOf?.Invoke(item) is { } missing)
                return $"{path}[{i}].{missing}";
            i++;
        }
        return null;
    }

    private static string? Null(string path, object? value) => value is null ? path : null;

    private static string? First(params ReadOnlySpan<string?> found)
    {
        foreach (string? path in found)
            if (path is not null)
                return path;
        return null;
    }
}
