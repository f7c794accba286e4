namespace QuantBuild.Settings;

/// <summary>What the user wrote, before anything is checked: one project with all of its models.</summary>
/// <param name="ProjectDirectory">Absolute; relative paths in settings are relative to it.</param>
/// <param name="OutputDirectory">Absolute; everything that is made for this project goes there.</param>
/// <param name="RootNamespace">Default namespace of the generated classes; may be empty.</param>
/// <param name="Language">MSBuild's <c>$(Language)</c>: <c>C#</c>, <c>F#</c>, <c>VB</c>.</param>
/// <param name="Properties">Every MSBuild property of the project that starts with <c>QuantBuild</c> and is not empty.</param>
internal sealed record ProjectRequest(
    string ProjectDirectory,
    string OutputDirectory,
    string RootNamespace,
    string Language,
    IReadOnlyList<SettingText> Properties,
    IReadOnlyList<ModelRequest> Models)
{
    /// <summary>Where the project has several: the one that is built now. Otherwise empty.</summary>
    public string TargetFramework { get; init; } = "";

    /// <summary>Absolute; a folder that the builds for all target frameworks share.</summary>
    public string SharedDirectory { get; init; } = OutputDirectory;

    /// <summary>MSBuild's <c>$(ContinuousIntegrationBuild)</c>.</summary>
    public bool IsContinuousIntegration { get; init; }
}

/// <param name="Include">The item's identity as the user wrote it.</param>
/// <param name="Path">Absolute path of the model.</param>
/// <param name="Name">Name of the outputs of this model, unique in the project, safe as a file name: <c>fashion</c>.</param>
/// <param name="Metadata">The item's metadata, well-known ones of MSBuild left out.</param>
internal sealed record ModelRequest(string Include, string Path, string Name, IReadOnlyList<SettingText> Metadata)
{
    /// <summary>True when an earlier build made the outputs that are there from the same content.</summary>
    public bool IsCurrent { get; init; }

    /// <summary>Which of the item's variants this is, as the user wrote it; null for a model that has one form only.</summary>
    public string? Variant { get; init; }

    /// <summary>Name of the generated code, which the variants of an item share; null for a model that has one form only.</summary>
    public string? Family { get; init; }

    /// <summary>What messages and the lock file call the model: <c>fashion.onnx#Static</c> for a variant.</summary>
    public string Id => Variant is null ? Include : $"{Include}#{Variant}";
}

/// <param name="Name">As the user wrote it: <c>MaxAccuracyDrop</c> on an item, <c>QuantBuildMaxAccuracyDrop</c> as a property.</param>
internal sealed record SettingText(string Name, string Value);
