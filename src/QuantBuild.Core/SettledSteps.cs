using QuantBuild.Evaluation;
using QuantBuild.Settings;

namespace QuantBuild;

/// <summary>Steps that one candidate has tried are not tried again for those that follow it.</summary>
internal static class SettledSteps
{
    /// <param name="made">The first candidate: its float model has been equalized already, where that helped.</param>
    public static QuantizationSettings Of(QuantizationSettings settings, MadeModel made) => settings with
    {
        Search = null,
        SmoothQuant = StepMode.False,
        CrossLayerEqualization = StepMode.False,
        Rounding = settings.Rounding == RoundingMethod.Auto ? RoundingMethod.CoordinateDescent : settings.Rounding,
        BiasCorrection = settings.BiasCorrection == BiasCorrectionMode.Auto
            && made.Recovery.LastOrDefault(step => step.Step == SettingCatalogue.BiasCorrection.Name) is { Kept: false }
            ? BiasCorrectionMode.Off
            : settings.BiasCorrection,
    };
}
