namespace QuantBuild.Settings;

/// <summary>The value of every setting for one model: metadata goes before property, property before default.</summary>
internal sealed class SettingsInForce(WrittenSettings project, WrittenSettings item)
{
    private readonly List<WrittenSetting> decided = [];

    public WrittenSetting this[SettingDescriptor setting] =>
        decided.Find(written => written.Descriptor == setting)
        ?? item.Find(setting)
        ?? project.Find(setting)
        ?? ByDefault(setting);

    public bool Has(SettingDescriptor setting) => this[setting].Value is { Length: > 0 };

    public string ValueOf(SettingDescriptor setting) => this[setting].Value ?? setting.Default;

    /// <summary>Replaces an <c>Auto</c> by what it comes to.</summary>
    public void Decide(SettingDescriptor setting, string value)
    {
        WrittenSetting written = this[setting];
        decided.RemoveAll(earlier => earlier.Descriptor == setting);
        decided.Add(written with { Value = value });
    }

    /// <summary>Leaves out of force what another setting makes idle.</summary>
    public void SwitchOff(SettingDescriptor setting) => decided.Add(ByDefault(setting));

    /// <summary>Available settings under their public names, ordered by name; paths relative to the project.</summary>
    public IReadOnlyList<SettingText> ForReport(string projectDirectory, Func<SettingDescriptor, bool> wanted) =>
    [
        .. SettingCatalogue.All
            .Where(setting => setting.IsAvailable && wanted(setting))
            .Select(setting => new SettingText(setting.PublicName, ForReport(setting, projectDirectory)))
            .OrderBy(text => text.Name, StringComparer.Ordinal),
    ];

    /// <summary>Public names of what is not left to its default.</summary>
    public IReadOnlyList<string> Written() =>
        [.. SettingCatalogue.All.Where(setting => this[setting].Source != SettingSource.Default).Select(setting => setting.PublicName)];

    private string ForReport(SettingDescriptor setting, string projectDirectory) =>
        setting.Kind is FilePath or FilePathOrFalse && Has(setting)
            ? ProjectPath.ForReport(projectDirectory, ValueOf(setting))
            : setting.Kind is ProviderName && Has(setting)
            ? ProviderReference.ForReport(ValueOf(setting), path => ProjectPath.ForReport(projectDirectory, path))
            : ValueOf(setting);

    private static WrittenSetting ByDefault(SettingDescriptor setting) =>
        new(setting, SettingSource.Default, setting.Name, setting.Default, null);
}
