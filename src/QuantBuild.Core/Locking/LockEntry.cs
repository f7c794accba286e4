using System.Text.Json.Serialization;

namespace QuantBuild.Locking;

/// <summary>What the lock file records of one model.</summary>
/// <param name="Model">SHA-256 of the float model.</param>
/// <param name="Files">SHA-256 of the other files that it was made from, by what they are.</param>
/// <param name="Settings">What decides the model or its acceptance.</param>
/// <param name="Measured">Null when there was no data to measure on.</param>
internal sealed record LockEntry(
    string Model,
    SortedDictionary<string, string> Files,
    SortedDictionary<string, string> Settings,
    LockedChoices Choices,
    LockedAccuracy? Measured,
    LockedOutput Output)
{
    /// <summary>True when both were made from the same model, files and settings.</summary>
    public bool HasInputsOf(LockEntry other) => !LockDifferences.OfInputs(this, other).Any();

    /// <summary>False when somebody wrote <c>null</c>, or a number that there is not, where a reader of JSON lets it pass.</summary>
    internal bool IsComplete =>
        Files.Values.Concat(Settings.Values).Concat(Choices.Integers).Concat(Choices.Activations.Values).Concat(Choices.Layers?.Values ?? Enumerable.Empty<string>())
            .Concat(Choices.Kernels?.Values ?? Enumerable.Empty<string>()).All(text => text is not null)
        && (Measured is null || (double.IsFinite(Measured.Float) && double.IsFinite(Measured.Quantized) && double.IsFinite(Measured.Drop)));

    /// <summary>In ordinal order, whatever the language of the machine.</summary>
    internal LockEntry Sorted() => this with
    {
        Files = new(Files, StringComparer.Ordinal),
        Settings = new(Settings, StringComparer.Ordinal),
        Choices = Choices with { Steps = new(Choices.Steps, StringComparer.Ordinal), Activations = new(Choices.Activations, StringComparer.Ordinal),
            Layers = Choices.Layers is { } layers ? new(layers, StringComparer.Ordinal) : null,
            Kernels = Choices.Kernels is { } kernels ? new(kernels, StringComparer.Ordinal) : null },
    };
}

/// <summary>What was decided by measuring, and can be repeated without.</summary>
/// <param name="Integers">Nodes that run in integers, in ordinal order.</param>
/// <param name="Steps">Recovery steps that were tried → whether they were kept.</param>
/// <param name="Activations">Value → type, scale and zero point: <c>UInt8 0.0078125 128</c>.</param>
/// <param name="Layers">Node → form that a search has chosen: <c>Integer4</c>; null where nothing was searched.</param>
/// <param name="Kernels">Kernel → how many times longer than on x64 with 8-bit dot products it takes, in float and in integers: <c>1.2 3.5</c>; null where
/// no machine was timed.</param>
internal sealed record LockedChoices(
    IReadOnlyList<string> Integers,
    SortedDictionary<string, bool> Steps,
    SortedDictionary<string, string> Activations,
    SortedDictionary<string, string>? Layers = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SortedDictionary<string, string>? Kernels = null);

/// <param name="Drop">Float minus quantized, in the metric's own unit.</param>
internal sealed record LockedAccuracy(string Metric, double Float, double Quantized, double Drop, long Samples);

/// <param name="Sha256">Of the model that ships; of its weights too where they are a file of their own.</param>
/// <param name="Processor">Class of processors on which these bytes are made.</param>
internal sealed record LockedOutput(string Sha256, long Bytes, string Processor, string Runtime, string Tool);
