using System.Globalization;
using QuantBuild.Diagnostics;
using QuantBuild.Settings;

namespace QuantBuild.Evaluation;

/// <summary>Holds the size of a model and its estimated time against the user's limits.</summary>
/// <param name="bytes">Of the file, weights beside it included.</param>
/// <param name="cost">Estimated time of a run over that of the float model.</param>
internal sealed class FootprintGate(QuantizationSettings settings, long bytes, double cost)
{
    private bool IsTooLarge => bytes > settings.MaxModelSize;

    private bool IsTooSlow => cost > settings.MaxSlowdown + Gate.Rounding;

    /// <summary>False when the model must not ship.</summary>
    public bool Passes => settings.Gate != GateMode.Error || (!IsTooLarge && !IsTooSlow);

    public IEnumerable<Diagnostic> Judge(DiagnosticOrigin origin)
    {
        if (settings.Gate == GateMode.Off)
            yield break;
        if (IsTooLarge)
            yield return Gate.InForce(DiagnosticCatalogue.ModelTooLarge, settings).At(
                origin with { Setting = nameof(settings.MaxModelSize) }, origin.Model, bytes, settings.MaxModelSize!.Value);
        if (IsTooSlow)
            yield return Gate.InForce(DiagnosticCatalogue.ModelTooSlow, settings).At(
                origin with { Setting = nameof(settings.MaxSlowdown) }, origin.Model, Text(cost), Text(settings.MaxSlowdown!.Value));
    }

    private static string Text(double ratio) => ratio.ToString("0.###", CultureInfo.InvariantCulture);
}
