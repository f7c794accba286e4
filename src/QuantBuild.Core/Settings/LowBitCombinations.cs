using QuantBuild.Diagnostics;

namespace QuantBuild.Settings;

/// <summary>Which settings of few bits contradict each other.</summary>
internal static class LowBitCombinations
{
    private static readonly string[] NeedSamples = ["CoordinateDescent", "Gptq", "AdaRound", "SequentialMse", "ScaleEstimation", "Awq"];

    private static readonly string[] OnlyFloat = ["SequentialMse", "Hqq", "KQuant", "ScaleEstimation", "Awq"];

    private const string Kernels = "integer kernels take";

    private const string FewerBits = "Set fewer bits by WeightType";

    /// <summary>Shorter blocks than this, and those that are no multiples of it, have no kernel.</summary>
    private const int PackedBlock = 16;

    /// <summary>The longest block of ONNX Runtime's product of packed weights; a longer one is often a whole channel.</summary>
    private const int LongestPackedBlock = 256;

    /// <param name="settings">With the scheme decided.</param>
    public static void Check(SettingsInForce settings, ModelRequest model, DiagnosticBag problems)
    {
        if (!IsReadable(settings))
            return;
        if (model.Variant is not null)
            LeaveToOtherVariants(settings);
        LowBitSettings wanted = LowBitSettings.Of(settings);
        string scheme = settings.ValueOf(SettingCatalogue.Scheme);
        if (scheme is not ("Static" or "WeightOnly" or "Palettized"))
            return;
        if (wanted is { Bits: 1, Codebook: CodebookKind.None })
            Refuse(SettingCatalogue.WeightType, "one bit has two values, which evenly spaced ones waste. Set Scheme=Palettized, or more bits");
        if (wanted.Levels.Count > 1 << wanted.Bits)
        {
            Refuse(
                SettingCatalogue.Codebook,
                $"it has {wanted.Levels.Count} values, and weights of {wanted.Bits} bits have {1 << wanted.Bits}. Name fewer, or set WeightType");
        }
        if (wanted.Codebook != CodebookKind.None && wanted.HasZeroPoints)
            Refuse(SettingCatalogue.WeightType, "the values of a codebook need no zero point. Remove the U");
        if (scheme == "Palettized" && wanted.Codebook == CodebookKind.None)
            Refuse(SettingCatalogue.Codebook, "Scheme=Palettized is what has a codebook. Set Scheme=WeightOnly for evenly spaced values");
        foreach ((SettingDescriptor setting, string why) in scheme == "Static" ? OfIntegerKernels(settings, wanted) : OfFloat(settings, wanted))
            Refuse(setting, why);

        void Refuse(SettingDescriptor setting, string why)
        {
            WrittenSetting written = settings[setting];
            problems.Add(DiagnosticCatalogue.IncompatibleSettings.At(written.Origin, $"{written.Name}={written.Value} cannot be: {why}."));
        }
    }

    private static bool IsReadable(SettingsInForce settings) => new[]
    {
        SettingCatalogue.WeightType, SettingCatalogue.Codebook, SettingCatalogue.BlockSize, SettingCatalogue.Rounding,
        SettingCatalogue.Granularity, SettingCatalogue.BiasCorrection, SettingCatalogue.BlockReconstruction, SettingCatalogue.Objective,
    }.All(setting => settings[setting].Value is not null);

    private static IEnumerable<(SettingDescriptor Setting, string Why)> OfIntegerKernels(SettingsInForce settings, LowBitSettings wanted)
    {
        string rounding = settings.ValueOf(SettingCatalogue.Rounding);
        if (wanted.HasZeroPoints)
            yield return (SettingCatalogue.WeightType, $"{Kernels} weights without a zero point. Remove the U");
        if (OnlyFloat.Contains(rounding, StringComparer.Ordinal))
            yield return (SettingCatalogue.Rounding, $"{rounding} is for layers in float. Set Scheme=WeightOnly, or another Rounding");
        if (wanted.IsOn && settings.ValueOf(SettingCatalogue.Granularity) == "PerTensor")
            yield return (SettingCatalogue.Granularity, "weights in few bits have a scale per channel. Set PerChannel, or WeightType=Int8 alone");
        if (wanted.Bits == 8 && wanted.BlockSize is not null)
            yield return (SettingCatalogue.BlockSize, $"{Kernels} weights of 8 bits with a scale per channel. {FewerBits}, or Scheme=WeightOnly");
        else if (wanted.Codebook != CodebookKind.None && wanted.BlockSize is not null)
            yield return (SettingCatalogue.BlockSize, $"{Kernels} a codebook with a scale per channel. Remove one of the two, or set Scheme=Palettized");
        if (wanted.Bits == 8 && wanted.Codebook != CodebookKind.None)
            yield return (SettingCatalogue.Codebook, $"{Kernels} weights of 8 bits as they are. {FewerBits}, or Scheme=Palettized");
    }

    private static IEnumerable<(SettingDescriptor Setting, string Why)> OfFloat(SettingsInForce settings, LowBitSettings wanted)
    {
        if (!wanted.IsOn)
            yield break;
        string rounding = settings.ValueOf(SettingCatalogue.Rounding);
        bool hasSamples = settings.Has(SettingCatalogue.CalibrationData) || settings.Has(SettingCatalogue.DataProvider);
        if (!hasSamples && NeedSamples.Contains(rounding, StringComparer.Ordinal))
            yield return (SettingCatalogue.Rounding, $"{rounding} needs CalibrationData. Without samples there are Nearest, KQuant and Hqq");
        if (!hasSamples && settings.ValueOf(SettingCatalogue.BlockReconstruction) == "true")
            yield return (SettingCatalogue.BlockReconstruction, "blocks are learned from CalibrationData. Set it, or Auto");
        if (settings.ValueOf(SettingCatalogue.BiasCorrection) == "Full")
            yield return (SettingCatalogue.BiasCorrection, "errors of layers before are measured with Scheme=Static alone. Set Fast, or Auto");
        else if (!hasSamples && settings.ValueOf(SettingCatalogue.BiasCorrection) == "Fast")
            yield return (SettingCatalogue.BiasCorrection, "the mean error of a layer is found from CalibrationData. Set it, or Auto");
        WrittenSetting objective = settings[SettingCatalogue.Objective];
        if (objective is { Value: "Latency", Source: SettingSource.Metadata } && WhyNotPacked(wanted) is { } why)
            yield return (SettingCatalogue.Objective, $"it keeps matrix products packed, and ONNX Runtime has none {why}. Set Size");
    }

    /// <returns>Null where weights may stay packed.</returns>
    private static string? WhyNotPacked(LowBitSettings wanted) =>
        wanted.Codebook != CodebookKind.None ? "for the values of a codebook"
        : wanted.Bits is not (2 or 4 or 8) ? $"for {wanted.Bits} bits, only for 2, 4 and 8"
        : wanted.BlockSize is <= LongestPackedBlock and { } length && length % PackedBlock != 0
            ? $"for blocks of {length} weights, only for multiples of {PackedBlock}"
        : null;

    /// <summary>Takes from a variant what can only be meant for others of its model.</summary>
    private static void LeaveToOtherVariants(SettingsInForce settings)
    {
        if (settings.ValueOf(SettingCatalogue.Scheme) is not "Static")
        {
            if (settings.ValueOf(SettingCatalogue.BiasCorrection) == "Full")
                settings.SwitchOff(SettingCatalogue.BiasCorrection);
            if (WhyNotPacked(LowBitSettings.Of(settings)) is not null)
                settings.SwitchOff(SettingCatalogue.Objective);
            return;
        }
        // PerTensor can only be meant for this one.
        if (settings.ValueOf(SettingCatalogue.Granularity) == "PerTensor")
        {
            settings.SwitchOff(SettingCatalogue.WeightType);
            settings.SwitchOff(SettingCatalogue.BlockSize);
            settings.SwitchOff(SettingCatalogue.Codebook);
        }
        else if (settings.ValueOf(SettingCatalogue.WeightType) is ['U', .. var signed])
        {
            settings.Decide(SettingCatalogue.WeightType, signed);
        }
        foreach ((SettingDescriptor setting, _) in OfIntegerKernels(settings, LowBitSettings.Of(settings)).ToArray())
            settings.SwitchOff(setting);
    }
}
