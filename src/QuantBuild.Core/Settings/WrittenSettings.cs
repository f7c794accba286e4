using QuantBuild.Diagnostics;

namespace QuantBuild.Settings;

/// <summary>Where a value comes from; the later one goes before the earlier.</summary>
internal enum SettingSource
{
    Default,
    Property,
    Metadata,
}

/// <param name="Name">As the user wrote it, for messages.</param>
/// <param name="Value">In its normal spelling; empty for an empty default; null when what was written is refused.</param>
internal sealed record WrittenSetting(
    SettingDescriptor Descriptor, SettingSource Source, string Name, string? Value, DiagnosticOrigin? Origin);

/// <summary>First step: what was written in one place, every entry recognized and read by itself.</summary>
internal sealed class WrittenSettings
{
    /// <summary>
    /// Metadata that MSBuild, SDKs and IDEs put on items of any kind. It reaches this list when an item was copied from
    /// another kind (<c>None</c>, <c>Content</c>) or edited in a property window.
    /// </summary>
    private static readonly string[] ForeignMetadata =
    [
        "Link", "LinkBase", "Visible", "InProject", "Generator", "LastGenOutput", "CustomToolNamespace", "SubType", "DependentUpon",
        "AutoGen", "DesignTime", "BuildAction", "CopyToOutputDirectory", "CopyToPublishDirectory", "ExcludeFromSingleFile",
        "TargetPath", "Pack", "PackagePath", "OriginalItemSpec", "MSBuildSourceProjectFile", "MSBuildSourceTargetName",
    ];

    private readonly List<WrittenSetting> settings = [];

    private WrittenSettings()
    {
    }

    public static WrittenSettings OfProject(IReadOnlyList<SettingText> properties, DiagnosticBag problems)
    {
        WrittenSettings written = new();
        foreach (SettingText property in properties)
        {
            string name = WithoutPrefix(property.Name) ?? "";
            SettingDescriptor? setting = Named(name);
            DiagnosticOrigin origin = new(null, property.Name);
            if (setting is null)
                problems.Add(DiagnosticCatalogue.UnknownSetting.At(origin, property.Name, PropertySuggestion(name)));
            else
                written.Add(setting, SettingSource.Property, property, origin, problems);
        }

        return written;
    }

    public static WrittenSettings OfItem(ModelRequest model, DiagnosticBag problems)
    {
        WrittenSettings written = new();
        foreach (SettingText metadata in model.Metadata)
        {
            if (ForeignMetadata.Contains(metadata.Name, StringComparer.OrdinalIgnoreCase))
                continue;
            SettingDescriptor? setting = Named(metadata.Name);
            DiagnosticOrigin origin = new(model.Include, metadata.Name);
            if (setting is not { Scope: SettingScope.Item })
                problems.Add(DiagnosticCatalogue.UnknownSetting.At(origin, metadata.Name, ItemSuggestion(metadata.Name)));
            else
                written.Add(setting, SettingSource.Metadata, metadata, origin, problems);
        }

        return written;
    }

    /// <returns>Null when it was not written here.</returns>
    public WrittenSetting? Find(SettingDescriptor setting) => settings.FindLast(written => written.Descriptor == setting);

    private void Add(SettingDescriptor setting, SettingSource source, SettingText text, DiagnosticOrigin origin, DiagnosticBag problems)
    {
        string value = text.Value.Trim();
        if (value.Length == 0)
            return;
        SettingReading reading = setting.Read(value);
        settings.Add(new WrittenSetting(
            setting, source, text.Name, reading.Verdict == SettingVerdict.Valid ? reading.Value : null, origin));

        if (reading.Verdict == SettingVerdict.Invalid)
        {
            string meant = setting.Kind.Nearest(value) is string nearest ? $"Did you mean '{nearest}'? " : "";
            problems.Add(DiagnosticCatalogue.InvalidValue.At(origin, value, text.Name, $"{meant}Allowed: {setting.Kind.Allowed}."));
        }
        else if (reading.Verdict == SettingVerdict.NotAvailable)
        {
            string hint = setting.Instead.Length > 0 ? setting.Instead : $"Available: {setting.Kind.Allowed}.";
            problems.Add(DiagnosticCatalogue.NotAvailable.At(origin, text.Name, value, hint));
        }
    }

    private static SettingDescriptor? Named(string name) =>
        SettingCatalogue.All.FirstOrDefault(setting => setting.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static string? WithoutPrefix(string name) =>
        name.StartsWith(SettingDescriptor.PropertyPrefix, StringComparison.OrdinalIgnoreCase)
            ? name[SettingDescriptor.PropertyPrefix.Length..]
            : null;

    private static string ItemSuggestion(string name)
    {
        string bare = WithoutPrefix(name) ?? name;
        return Named(bare) switch
        {
            { Scope: SettingScope.Project } setting => $"It holds for the whole project: set the property '{setting.PropertyName}'.",
            { } setting => $"On an item it is called '{setting.Name}'.",
            null => Suggestion(bare, "", SettingCatalogue.All.Where(candidate => candidate.Scope == SettingScope.Item)),
        };
    }

    private static string PropertySuggestion(string name) =>
        Suggestion(name, SettingDescriptor.PropertyPrefix, SettingCatalogue.All);

    /// <summary>Of names that are equally near, an available one.</summary>
    private static string Suggestion(string name, string prefix, IEnumerable<SettingDescriptor> candidates)
    {
        IEnumerable<string> names = candidates.OrderBy(setting => setting.IsAvailable ? 0 : 1).Select(setting => setting.Name);
        string? nearest = NearestName.Find(name, names);
        return nearest is null
            ? "All settings are listed on the page docs/settings.md of the package."
            : $"Did you mean '{prefix}{nearest}'?" + (Named(nearest)!.IsAvailable ? "" : " It is not available in this version.");
    }
}
