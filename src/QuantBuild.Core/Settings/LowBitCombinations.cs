using QuantBuild.Diagnostics;

namespace QuantBuild.Settings;

/// <summary>Which settings of few bits contradict each other.</summary>
internal static class LowBitCombinations
{
    private static readonly string[] NeedSamples = ["CoordinateDescent", "Gptq", "AdaRound", "SequentialMse", "ScaleEstimation", "Awq"];

    private static readonly string[] OnlyFloat = ["SequentialMse", "Hqq", "KQuant", "ScaleEstimation", "Awq"];

    /// <param name="settings">With the scheme decided.</param>
    public static void Check(SettingsInForce settings, DiagnosticBag problems)
    {
        if (settings[SettingCatalogue.WeightType].Value is null || settings[SettingCatalogue.Codebook].Value is null
            || settings[SettingCatalogue.BlockSize].Value is null || settings[SettingCatalogue.Rounding].Value is null)
            return;
        LowBitSettings wanted = LowBitSettings.Of(settings);
        string scheme = settings.ValueOf(SettingCatalogue.Scheme);
        string rounding = settings.ValueOf(SettingCatalogue.Rounding);
        bool hasSamples = settings.Has(SettingCatalogue.CalibrationData) || settings.Has(SettingCatalogue.DataProvider);
        if (scheme is not ("Static" or "WeightOnly" or "Palettized"))
            return;
        if (wanted is { Bits: 1, Codebook: CodebookKind.None })
            Refuse(SettingCatalogue.WeightType, "one bit has two values, which evenly spaced ones waste. Set Scheme=Palettized, or more bits");
        if (wanted.Levels.Count > 1 << wanted.Bits)
            Refuse(SettingCatalogue.Codebook, $"it has {wanted.Levels.Count} values, and weights of {wanted.Bits} bits have {1 << wanted.Bits}. Name fewer, or set WeightType");
        if (wanted.Codebook != CodebookKind.None && wanted.HasZeroPoints)
            Refuse(SettingCatalogue.WeightType, "the values of a codebook need no zero point. Remove the U");
        if (scheme == "Palettized" && wanted.Codebook == CodebookKind.None)
            Refuse(SettingCatalogue.Codebook, "Scheme=Palettized is what has a codebook. Set Scheme=WeightOnly for evenly spaced values");
        if (scheme == "Static" && wanted.HasZeroPoints)
            Refuse(SettingCatalogue.WeightType, "integer kernels take weights without a zero point. Remove the U");
        if (scheme == "Static" && OnlyFloat.Contains(rounding, StringComparer.Ordinal))
            Refuse(SettingCatalogue.Rounding, $"{rounding} is for layers that compute in float. Set Scheme=WeightOnly, or another Rounding");
        if (scheme != "Static" && wanted.IsOn && !hasSamples && NeedSamples.Contains(rounding, StringComparer.Ordinal))
            Refuse(SettingCatalogue.Rounding, $"{rounding} needs CalibrationData. Without samples there are Nearest, KQuant and Hqq");

        void Refuse(SettingDescriptor setting, string why)
        {
            WrittenSetting written = settings[setting];
            problems.Add(DiagnosticCatalogue.IncompatibleSettings.At(written.Origin, $"{written.Name}={written.Value} cannot be: {why}."));
        }
    }
}
