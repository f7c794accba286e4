namespace QuantBuild.Settings;

/// <summary>Decides whether there is something to search for.</summary>
internal static class SearchWishes
{
    private static readonly SettingDescriptor[] Limits =
    [
        SettingCatalogue.MaxAccuracyDrop, SettingCatalogue.MinAccuracy, SettingCatalogue.MaxError, SettingCatalogue.MaxModelSize, SettingCatalogue.MaxSlowdown,
    ];

    /// <summary>Who sets one of these has decided already.</summary>
    private static readonly SettingDescriptor[] Decisions =
    [
        SettingCatalogue.WeightType, SettingCatalogue.BlockSize, SettingCatalogue.Codebook, SettingCatalogue.Granularity, SettingCatalogue.Storage,
    ];

    /// <summary>True for what decides which candidates are measured, and not what is measured of layers.</summary>
    /// <param name="setting">Public name.</param>
    public static bool IsOfTheSearchAlone(string setting) =>
        Limits.Append(SettingCatalogue.TimeBudget).Append(SettingCatalogue.SearchMethod).Append(SettingCatalogue.Gate).Any(own => own.PublicName == setting);

    /// <param name="settings">Before the scheme is decided. What is of no use without a search is taken out of force.</param>
    /// <returns>Null when every layer becomes what the settings say.</returns>
    public static SearchSettings? Of(SettingsInForce settings, ModelRequest model)
    {
        bool hasData = settings.Has(SettingCatalogue.CalibrationData) || settings.Has(SettingCatalogue.ValidationData) || settings.Has(SettingCatalogue.DataProvider);
        bool isWanted = model.Variant is null && settings[SettingCatalogue.Scheme].Value is "Auto" && hasData
            && (Array.Exists(Limits, settings.Has) || settings[SettingCatalogue.Objective].Value is nameof(QuantizationObjective.Accuracy))
            && Array.TrueForAll(Decisions, setting => settings[setting].Value == setting.Default)
            && settings[SettingCatalogue.Gate].Value is nameof(GateMode.Error) or nameof(GateMode.Warning);
        SearchSettings? search = isWanted && settings[SettingCatalogue.TimeBudget].Value is { } budget && Duration.SecondsOf(budget) > 0
            ? new SearchSettings(Duration.SecondsOf(budget), Enum.Parse<SearchMethod>(settings.ValueOf(SettingCatalogue.SearchMethod)))
            : null;
        if (search is null)
        {
            settings.SwitchOff(SettingCatalogue.TimeBudget);
            settings.SwitchOff(SettingCatalogue.SearchMethod);
        }
        return search;
    }
}
