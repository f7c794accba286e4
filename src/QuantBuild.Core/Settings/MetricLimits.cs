using System.Globalization;
using QuantBuild.Diagnostics;

namespace QuantBuild.Settings;

/// <summary>Limits that the metric in force cannot have, and settings that belong to other metrics.</summary>
internal static class MetricLimits
{
    /// <summary>The direction of a custom metric is known only when its class has run.</summary>
    /// <exception cref="QuantBuildException">QB1004: a limit of the other direction is set.</exception>
    public static void CheckCustom(QuantizationSettings settings, bool isLowerBetter, DiagnosticOrigin origin)
    {
        if (settings.Gate == GateMode.Off)
            return;
        if (isLowerBetter && settings.MinAccuracy is not null)
            throw Wrong(
                nameof(settings.MinAccuracy), "less is better, as its property HigherIsBetter says. Set MaxError, the largest value allowed, instead");
        if (!isLowerBetter && settings.MaxError is not null)
            throw Wrong(
                nameof(settings.MaxError),
                "more is better, as its property HigherIsBetter says or where it has none. Set MinAccuracy, the smallest value allowed, instead");

        QuantBuildException Wrong(string setting, string reason) => new(DiagnosticCatalogue.IncompatibleSettings.At(
            origin with { Setting = setting },
            $"{setting} cannot be used with the metric of the class {settings.DataProvider!.DisplayName}: {reason}."));
    }

    public static void Check(SettingsInForce settings, DiagnosticBag problems)
    {
        if (settings[SettingCatalogue.Metric].Value is not { } name)
            return;
        MetricTraits traits = MetricTraits.Of(MetricName.MetricOf(name));
        if (traits.Metric == AccuracyMetric.Custom)
            RefuseWithoutProvider();
        else if (traits.IsLowerBetter)
            Refuse(SettingCatalogue.MinAccuracy, $"less is better with Metric={name}. Set MaxError, the largest value allowed, instead");
        else
            Refuse(SettingCatalogue.MaxError, $"more is better with Metric={name}. Set MinAccuracy, the smallest value allowed, instead");
        if (traits.Metric == AccuracyMetric.SignalToNoise)
            Refuse(SettingCatalogue.MaxAccuracyDrop, $"the float model has no noise to compare with for Metric={name}. Set MinAccuracy, in decibels, instead");
        foreach (SettingDescriptor ofSequences in new[] { SettingCatalogue.BlankClass, SettingCatalogue.WordSeparator })
            if (traits.Metric != AccuracyMetric.WordErrorRate && settings[ofSequences].Source == SettingSource.Metadata)
                Refuse(ofSequences, $"only Metric=WordErrorRate decodes sequences, and Metric is {name}");
        if (settings.Has(SettingCatalogue.Slice))
            Refuse(SettingCatalogue.SliceFile, "Slice names the slices already. Remove one of the two");
        foreach (SettingDescriptor limit in new[] { SettingCatalogue.MaxAccuracyDrop, SettingCatalogue.MinAccuracy })
            if (traits.IsAtMostOne && settings.Has(limit) && double.Parse(settings.ValueOf(limit), CultureInfo.InvariantCulture) > 1)
                problems.Add(DiagnosticCatalogue.InvalidValue.At(
                    settings[limit].Origin, settings.ValueOf(limit), settings[limit].Name, $"Allowed: {Amount.AllowedText}."));

        void RefuseWithoutProvider()
        {
            if (!settings.Has(SettingCatalogue.DataProvider))
                Refuse(SettingCatalogue.Metric, "Custom is measured by the method Score of the class that DataProvider names, and DataProvider is not set");
        }

        void Refuse(SettingDescriptor setting, string reason)
        {
            if (settings.Has(setting) && settings[setting].Value != setting.Default)
                problems.Add(DiagnosticCatalogue.IncompatibleSettings.At(settings[setting].Origin, $"{settings[setting].Name} cannot be used: {reason}."));
        }
    }
}
