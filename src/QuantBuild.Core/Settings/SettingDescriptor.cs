namespace QuantBuild.Settings;

internal enum SettingGroup
{
    Scheme,
    Data,
    Calibration,
    Recovery,
    Gate,
    Search,
    Target,
    Loader,
    Build,
}

internal enum SettingScope
{
    /// <summary>Metadata of an item, and as a property the default of all items.</summary>
    Item,

    /// <summary>A property of the project only.</summary>
    Project,
}

/// <summary>One row of the table of settings; command line, messages, report and documentation are made from it.</summary>
/// <param name="Name">Name of the metadata; the property has <see cref="PropertyPrefix"/> before it.</param>
/// <param name="Default">The value in force when nothing is written; empty for none.</param>
/// <param name="Meaning">The specification, for people who know MSBuild and not quantization.</param>
internal sealed record SettingDescriptor(SettingGroup Group, string Name, SettingKind Kind, string Default, string Meaning)
{
    public const string PropertyPrefix = "QuantBuild";

    public SettingScope Scope { get; init; } = SettingScope.Item;

    /// <summary>False: the name is known, and every value but the default is refused.</summary>
    public bool IsAvailable { get; init; } = true;

    /// <summary>What to use in place of a value that this version refuses; one sentence, or empty.</summary>
    public string Instead { get; init; } = "";

    /// <summary>What an empty default stands for, for the documentation.</summary>
    public string DefaultMeaning { get; init; } = "none";

    /// <summary>False: models are the same whatever its value, and reports do not list it.</summary>
    public bool ChangesModel { get; init; } = true;

    public string PropertyName => PropertyPrefix + Name;

    /// <summary>The name that the report uses.</summary>
    public string PublicName => Scope == SettingScope.Project ? PropertyName : Name;

    /// <summary>Reads a value that is not empty.</summary>
    public SettingReading Read(string text) =>
        text.Trim().Equals(Default, StringComparison.OrdinalIgnoreCase) ? SettingReading.Valid(Default) : Kind.Read(text.Trim());
}
