using QuantBuild.Diagnostics;

namespace QuantBuild.Settings;

/// <summary>What single settings cannot see: which of them contradict each other.</summary>
/// <remarks>
/// An item speaks for its own model, so that what a property wants of all models may be switched off by an item. It is a
/// contradiction when both stand in the same place, or when the item demands what a property switches off.
/// </remarks>
internal static class SettingCombinations
{
    private static readonly Exclusion[] Exclusions =
    [
        new(SettingCatalogue.Gate, "Off", SettingCatalogue.MaxAccuracyDrop, IsDemand: true, "no limit is checked"),
        new(SettingCatalogue.Gate, "Off", SettingCatalogue.MinAccuracy, IsDemand: true, "no limit is checked"),
        new(SettingCatalogue.Gate, "Off", SettingCatalogue.MaxError, IsDemand: true, "no limit is checked"),
        new(SettingCatalogue.Scheme, "None", SettingCatalogue.MaxAccuracyDrop, IsDemand: true, EmbeddedAsItIs),
        new(SettingCatalogue.Scheme, "None", SettingCatalogue.MaxError, IsDemand: true, EmbeddedAsItIs),
        new(SettingCatalogue.Scheme, "None", SettingCatalogue.MetricOutput, IsDemand: false, EmbeddedAsItIs),
        new(SettingCatalogue.Scheme, "None", SettingCatalogue.Slice, IsDemand: false, EmbeddedAsItIs),
        new(SettingCatalogue.Scheme, "None", SettingCatalogue.SliceFile, IsDemand: false, EmbeddedAsItIs),
        new(SettingCatalogue.Scheme, "None", SettingCatalogue.MinAccuracy, IsDemand: true, EmbeddedAsItIs),
        new(SettingCatalogue.Scheme, "None", SettingCatalogue.CalibrationData, IsDemand: false, EmbeddedAsItIs),
        new(SettingCatalogue.Scheme, "None", SettingCatalogue.ValidationData, IsDemand: false, EmbeddedAsItIs),
        new(SettingCatalogue.Scheme, "None", SettingCatalogue.DataProvider, IsDemand: false, EmbeddedAsItIs),
        new(SettingCatalogue.Scheme, "None", SettingCatalogue.SampleLimit, IsDemand: false, EmbeddedAsItIs),
        new(SettingCatalogue.Scheme, "None", SettingCatalogue.RangeEstimator, IsDemand: false, EmbeddedAsItIs),
        new(SettingCatalogue.Scheme, "None", SettingCatalogue.Granularity, IsDemand: false, EmbeddedAsItIs),
        new(SettingCatalogue.Scheme, "None", SettingCatalogue.Metric, IsDemand: false, EmbeddedAsItIs),
        new(SettingCatalogue.Scheme, "None", SettingCatalogue.Storage, IsDemand: false, EmbeddedAsItIs),
        new(SettingCatalogue.Scheme, "None", SettingCatalogue.Objective, IsDemand: false, EmbeddedAsItIs),
        new(SettingCatalogue.Scheme, "None", SettingCatalogue.ExcludedNodes, IsDemand: false, EmbeddedAsItIs),
        new(SettingCatalogue.Scheme, "None", SettingCatalogue.ExcludedOperators, IsDemand: false, EmbeddedAsItIs),
        new(SettingCatalogue.Scheme, "WeightOnly", SettingCatalogue.RangeEstimator, IsDemand: true,
            "no ranges are measured (Auto comes to WeightOnly for a model without CalibrationData)"),
        new(SettingCatalogue.Scheme, "WeightOnly", SettingCatalogue.Granularity, IsDemand: true,
            "weights have a scale per channel (Auto comes to WeightOnly for a model without CalibrationData)"),
        new(SettingCatalogue.Scheme, "WeightOnly", SettingCatalogue.Objective, IsDemand: true,
            "everything computes in float (Auto comes to WeightOnly for a model without CalibrationData)")
        { Unless = LowBitsAreOn },
        new(SettingCatalogue.Scheme, "Dynamic", SettingCatalogue.RangeEstimator, IsDemand: true, "ranges are found at every run of the model"),
        new(SettingCatalogue.Scheme, "Dynamic", SettingCatalogue.Granularity, IsDemand: true, "weights have a scale per channel"),
        new(SettingCatalogue.Scheme, "Dynamic", SettingCatalogue.Objective, IsDemand: true, "it takes only what is faster in integers anyway"),
        new(SettingCatalogue.Scheme, "Float16", SettingCatalogue.RangeEstimator, IsDemand: true, "no ranges are measured"),
        new(SettingCatalogue.Scheme, "Float16", SettingCatalogue.Granularity, IsDemand: true, "weights have no scale"),
        new(SettingCatalogue.Scheme, "Float16", SettingCatalogue.Objective, IsDemand: true, "everything computes in float"),
        new(SettingCatalogue.Scheme, "Float16", SettingCatalogue.Storage, IsDemand: true, "the scheme says how weights are stored"),
        new(SettingCatalogue.Embed, "false", SettingCatalogue.Compression, IsDemand: true, "ONNX Runtime maps the file into memory as it is"),
        .. OnlyStatic(SettingCatalogue.CrossLayerEqualization),
        .. OnlyStatic(SettingCatalogue.SmoothQuant),
        .. StaticOrLowBits(SettingCatalogue.BiasCorrection),
        .. StaticOrLowBits(SettingCatalogue.Rounding),
        .. StaticOrLowBits(SettingCatalogue.BlockReconstruction),
        .. StoresIntegers(SettingCatalogue.WeightType),
        .. StoresIntegers(SettingCatalogue.BlockSize),
        .. StoresIntegers(SettingCatalogue.Codebook),
        .. StaticOrLowBits(SettingCatalogue.WeightSharing),
        .. new[] { SettingCatalogue.RangeEstimator, SettingCatalogue.Granularity, SettingCatalogue.CrossLayerEqualization, SettingCatalogue.SmoothQuant }
            .Select(setting => new Exclusion(SettingCatalogue.Scheme, "Palettized", setting, IsDemand: true, "everything computes in float")),
    ];

    private const string EmbeddedAsItIs = "the model is embedded as it is, and its accuracy is not measured";

    /// <summary>One file cannot hold the reports of several models.</summary>
    public static void CheckReport(WrittenSettings project, int modelCount, DiagnosticBag problems)
    {
        if (modelCount > 1 && project.Find(SettingCatalogue.Report) is { Value: { } path } report && ReportTarget.IsFile(path))
            problems.Add(DiagnosticCatalogue.IncompatibleSettings.At(
                report.Origin, $"{report.Name} is the file '{path}', and the project has {modelCount} models with a report each. Give a folder instead."));
    }

    /// <summary>What the variants of an item are is said by their list alone, and code that chooses one is generated in one language.</summary>
    /// <param name="settings">As they are written.</param>
    public static void CheckVariants(SettingsInForce settings, string language, DiagnosticBag problems)
    {
        WrittenSetting variants = settings[SettingCatalogue.Variants];
        WrittenSetting scheme = settings[SettingCatalogue.Scheme];
        if (variants.Value is { Length: 0 } || variants.Source < scheme.Source)
            return;
        if (variants.Source == scheme.Source)
        {
            problems.Add(DiagnosticCatalogue.IncompatibleSettings.At(
                scheme.Origin, $"{scheme.Name} has no effect with {variants.Name}, whose names are the schemes of the model. Remove one of the two."));
        }
        if (language is "F#" or "VB")
            problems.Add(DiagnosticCatalogue.VariantsNeedCSharp.At(variants.Origin, variants.Name, language));
    }

    /// <param name="settings">With the scheme decided.</param>
    public static void Check(SettingsInForce settings, ModelRequest model, DiagnosticBag problems)
    {
        // What is written for all variants of a model is idle in those that it does not concern.
        foreach (Exclusion exclusion in Exclusions.Where(exclusion => model.Variant is null || exclusion.Switch != SettingCatalogue.Scheme))
            CheckExclusion(exclusion, settings, problems);
        LowBitCombinations.Check(settings, model, problems);
        TargetCombinations.Check(settings, problems);
        CheckLimitsHaveSamples(settings, model, problems);
        MetricLimits.Check(settings, problems);
    }

    /// <summary>Takes out of force what the scheme or the gate makes idle.</summary>
    public static void SwitchOffIdle(SettingsInForce settings)
    {
        foreach (Exclusion exclusion in Exclusions)
            if (exclusion.Applies(settings))
                settings.SwitchOff(exclusion.Setting);
    }

    /// <summary>For what gives a calibrated integer model accuracy back.</summary>
    private static Exclusion[] OnlyStatic(SettingDescriptor setting) =>
    [
        new(SettingCatalogue.Scheme, "None", setting, IsDemand: false, EmbeddedAsItIs),
        new(SettingCatalogue.Scheme, "WeightOnly", setting, IsDemand: true,
            "everything computes in float (Auto comes to WeightOnly for a model without CalibrationData)"),
        new(SettingCatalogue.Scheme, "Dynamic", setting, IsDemand: true, "ranges are found at every run of the model"),
        new(SettingCatalogue.Scheme, "Float16", setting, IsDemand: true, "weights are not rounded to integers"),
    ];

    /// <summary>For what chooses among the few values that a weight may take.</summary>
    private static Exclusion[] StaticOrLowBits(SettingDescriptor setting) =>
    [
        .. OnlyStatic(setting).Select(exclusion => exclusion.Value != "WeightOnly" ? exclusion : exclusion with
        {
            Reason = "weights are stored in 8 bits, which need no help; WeightType says how many bits there are",
            Unless = LowBitsAreOn,
        }),
    ];

    /// <summary>For what says how weights are stored in integers.</summary>
    private static Exclusion[] StoresIntegers(SettingDescriptor setting) =>
    [
        new(SettingCatalogue.Scheme, "None", setting, IsDemand: false, EmbeddedAsItIs),
        new(SettingCatalogue.Scheme, "Dynamic", setting, IsDemand: true, "weights are stored in 8 bits with a scale per channel"),
        new(SettingCatalogue.Scheme, "Float16", setting, IsDemand: true, "weights are not rounded to integers"),
    ];

    private static bool LowBitsAreOn(SettingsInForce settings) => LowBitSettings.Of(settings).IsOn;

    private static void CheckExclusion(Exclusion exclusion, SettingsInForce settings, DiagnosticBag problems)
    {
        WrittenSetting setting = settings[exclusion.Setting];
        WrittenSetting by = settings[exclusion.Switch];
        bool isSet = setting.Value is { } value && value != setting.Descriptor.Default;
        bool contradicts = setting.Source == by.Source || (exclusion.IsDemand && setting.Source == SettingSource.Metadata);
        if (exclusion.Applies(settings) && isSet && contradicts)
        {
            problems.Add(DiagnosticCatalogue.IncompatibleSettings.At(
                setting.Origin,
                $"{setting.Name} has no effect with {by.Name}={exclusion.Value}: {exclusion.Reason}. Remove one of the two."));
        }
    }

    private static void CheckLimitsHaveSamples(SettingsInForce settings, ModelRequest model, DiagnosticBag problems)
    {
        bool isMeasured = settings[SettingCatalogue.CalibrationData].Source != SettingSource.Default
            || settings[SettingCatalogue.ValidationData].Source != SettingSource.Default
            || settings[SettingCatalogue.DataProvider].Source != SettingSource.Default;
        bool isChecked = settings.ValueOf(SettingCatalogue.Gate) != "Off" && settings.ValueOf(SettingCatalogue.Scheme) is "Dynamic" or "WeightOnly" or "Palettized" or "Float16";
        if (isMeasured || !isChecked)
            return;
        foreach (SettingDescriptor limit in new[] { SettingCatalogue.MaxAccuracyDrop, SettingCatalogue.MinAccuracy, SettingCatalogue.MaxError })
        {
            if (!settings.Has(limit))
                continue;
            WrittenSetting written = settings[limit];
            string? onItem = written.Source == SettingSource.Metadata ? written.Name : null;
            problems.Add(DiagnosticCatalogue.IncompatibleSettings.At(
                new DiagnosticOrigin(model.Include, onItem),
                $"{written.Name} cannot be checked for '{model.Include}', which has neither CalibrationData nor ValidationData. "
                + "Set one of them, or Gate=Off on the item."));
        }
    }

    /// <param name="IsDemand">True when an item that asks for it must not be overruled by a property.</param>
    private sealed record Exclusion(SettingDescriptor Switch, string Value, SettingDescriptor Setting, bool IsDemand, string Reason)
    {
        /// <summary>Where this holds, the setting has an effect after all.</summary>
        public Func<SettingsInForce, bool> Unless { get; init; } = _ => false;

        public bool Applies(SettingsInForce settings) => settings[Switch].Value == Value && !Unless(settings);
    }
}
