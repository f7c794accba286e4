using System.Globalization;
using QuantBuild.Caching;
using QuantBuild.Diagnostics;
using QuantBuild.Locking;
using QuantBuild.Placement;
using QuantBuild.Precision;
using QuantBuild.Reporting;
using QuantBuild.Settings;

namespace QuantBuild;

/// <summary>Choices of the lock file, which are repeated instead of made: on a processor of another class the same measurements differ in their
/// last bits, and could tip a decision.</summary>
internal sealed class Replay
{
    private readonly HashSet<string> integers;
    private readonly Dictionary<string, QuantizationParameters> activations;

    private Replay(LockedChoices choices, Dictionary<string, QuantizationParameters> activations)
    {
        integers = new HashSet<string>(choices.Integers, StringComparer.Ordinal);
        Steps = choices.Steps;
        this.activations = activations;
        Id = ContentHash.OfText(string.Join('\n',
            [.. choices.Integers, .. choices.Steps.Select(step => $"{step.Key}={step.Value}"), .. choices.Activations.Select(value => $"{value.Key}={value.Value}"),
                .. (choices.Layers ?? []).Select(layer => $"{layer.Key}={layer.Value}")]));
    }

    /// <summary>Recovery steps → whether they are done; what is told what to do is not tried and told of.</summary>
    public SortedDictionary<string, bool> Steps { get; }

    /// <summary>Hash of the choices.</summary>
    public string Id { get; }

    /// <exception cref="InvalidDataException">A value's parameters cannot be read.</exception>
    public static Replay Of(LockedChoices choices) =>
        new(choices, choices.Activations.ToDictionary(value => value.Key, value => Parse(value.Key, value.Value), StringComparer.Ordinal));

    /// <summary>What a report tells of choices, as the lock file has them.</summary>
    /// <remarks>With <c>Scheme=Dynamic</c> nothing is measured, and nothing chosen.</remarks>
    public static LockedChoices ChoicesIn(QuantizationReport report) => new(
        report.Settings.GetValueOrDefault("Scheme") == nameof(QuantizationScheme.Dynamic) ? [] :
        [
            .. report.Nodes.Where(node => node.Runs is "integers" or "unfused" && node.Reason is null).Select(node => node.Name)
                .Distinct(StringComparer.Ordinal).OrderBy(name => name, StringComparer.Ordinal),
        ],
        new SortedDictionary<string, bool>(
            report.Recovery.GroupBy(step => step.Step).ToDictionary(step => step.Key, step => step.Any(tried => tried.Kept)), StringComparer.Ordinal),
        new SortedDictionary<string, string>(report.Activations.ToDictionary(value => value.Name, Text), StringComparer.Ordinal),
        Sorted(report.Layers),
        Sorted(report.TimedKernels));

    private static SortedDictionary<string, string>? Sorted(IReadOnlyDictionary<string, string>? choices) =>
        choices is null ? null : new SortedDictionary<string, string>(choices.ToDictionary(), StringComparer.Ordinal);

    /// <summary>Every step that QuantBuild may choose is told what to do.</summary>
    public QuantizationSettings Settle(QuantizationSettings settings) => settings with
    {
        SmoothQuant = Settle(settings.SmoothQuant, nameof(settings.SmoothQuant)),
        CrossLayerEqualization = Settle(settings.CrossLayerEqualization, nameof(settings.CrossLayerEqualization)),
        WeightSharing = Settle(settings.WeightSharing, nameof(settings.WeightSharing)),
        BiasCorrection = settings.BiasCorrection == BiasCorrectionMode.Auto && Steps.TryGetValue(nameof(settings.BiasCorrection), out bool corrected)
            ? corrected ? BiasCorrectionMode.Fast : BiasCorrectionMode.Off
            : settings.BiasCorrection,
        Rounding = settings.Rounding == RoundingMethod.Auto && Steps.TryGetValue(nameof(settings.Rounding), out bool rounded)
            ? rounded ? RoundingMethod.CoordinateDescent : RoundingMethod.Nearest
            : settings.Rounding,
    };

    /// <returns>Null when the node runs in integers.</returns>
    public string? WhyFloat(PlannedNode node) => integers.Contains(node.Node.DisplayName) ? null : "the lock file has it in float";

    /// <summary>The same plan with the parameters that are recorded.</summary>
    public PrecisionPlan Apply(PrecisionPlan plan) => plan with
    {
        Activations = plan.Activations.ToDictionary(value => value.Key, value => activations.GetValueOrDefault(value.Key, value.Value), StringComparer.Ordinal),
    };

    /// <summary>What was made is what is recorded.</summary>
    /// <exception cref="QuantBuildException">QB9008: the choices do not fit the model that there is.</exception>
    public void Verify(PrecisionPlan plan, DiagnosticOrigin origin)
    {
        string? other = plan.Placement.Nodes.Select(node => node.Node.DisplayName).Order(StringComparer.Ordinal).Except(integers, StringComparer.Ordinal)
            .Concat(integers.Order(StringComparer.Ordinal).Except(plan.Placement.Nodes.Select(node => node.Node.DisplayName), StringComparer.Ordinal))
            .Concat(activations.Keys.Order(StringComparer.Ordinal).Except(plan.Activations.Keys, StringComparer.Ordinal))
            .Concat(plan.Activations.Keys.Order(StringComparer.Ordinal).Except(activations.Keys, StringComparer.Ordinal))
            .FirstOrDefault();
        if (other is not null)
            throw new QuantBuildException(DiagnosticCatalogue.LockNotReplayable.At(origin, origin.Model, other));
    }

    private StepMode Settle(StepMode mode, string step) =>
        mode != StepMode.Auto || !Steps.TryGetValue(step, out bool kept) ? mode : kept ? StepMode.True : StepMode.False;

    private static string Text(ActivationReport value) =>
        string.Create(CultureInfo.InvariantCulture, $"{value.Type} {value.Scale:R} {value.ZeroPoint}");

    private static QuantizationParameters Parse(string value, string text)
    {
        string[] parts = text.Split(' ');
        return parts.Length == 3
            && Enum.TryParse(parts[0], out QuantizedType type) && Enum.IsDefined(type)
            && float.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out float scale) && float.IsNormal(scale) && scale > 0
            && int.TryParse(parts[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int zeroPoint)
            && zeroPoint >= (type == QuantizedType.UInt8 ? byte.MinValue : sbyte.MinValue)
            && zeroPoint <= (type == QuantizedType.UInt8 ? byte.MaxValue : sbyte.MaxValue)
                ? new QuantizationParameters(type, scale, zeroPoint)
                : throw new InvalidDataException($"the value '{value}' has no parameters in '{text}'");
    }
}
