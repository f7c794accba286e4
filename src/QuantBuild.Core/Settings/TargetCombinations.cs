using QuantBuild.Diagnostics;

namespace QuantBuild.Settings;

/// <summary>What a processor that computes with 8-bit integers only cannot take.</summary>
internal static class TargetCombinations
{
    private const string Accelerator = nameof(TargetProfile.Int8Accelerator);

    /// <param name="settings">With the scheme decided.</param>
    public static void Check(SettingsInForce settings, DiagnosticBag problems)
    {
        WrittenSetting target = settings[SettingCatalogue.TargetProfile];
        string? scheme = settings[SettingCatalogue.Scheme].Value;
        string? type = settings[SettingCatalogue.WeightType].Value;
        if (target.Value != Accelerator || scheme is null or nameof(QuantizationScheme.None))
            return;
        if (scheme != nameof(QuantizationScheme.Static))
            Refuse($"{SettingCatalogue.Scheme.Name}={scheme}", "it takes layers with calibrated ranges. Set Scheme=Static with CalibrationData, or another TargetProfile");
        else if (type is not null && LowBitSettings.BitsOf(type) != 8)
            Refuse($"{SettingCatalogue.WeightType.Name}={type}", "it takes weights of 8 bits. Set WeightType=Int8, or another TargetProfile");

        void Refuse(string other, string why) =>
            problems.Add(DiagnosticCatalogue.IncompatibleSettings.At(target.Origin, $"{target.Name}={Accelerator} cannot be with {other}: {why}."));
    }
}
