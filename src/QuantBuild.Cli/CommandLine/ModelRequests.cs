using QuantBuild.Diagnostics;
using QuantBuild.Settings;

namespace QuantBuild.Cli.CommandLine;

/// <summary>Requests of the core for the one model that a command names.</summary>
internal static class ModelRequests
{
    /// <summary>No source is generated for it.</summary>
    private const string NoLanguage = "";

    /// <param name="name">Of the files that are made.</param>
    public static ProjectRequest ToQuantize(ToolContext tool, string model, WrittenOptions settings, string outputDirectory, string name) => new(
        tool.Directory,
        outputDirectory,
        RootNamespace: "",
        NoLanguage,
        [.. settings.Properties, new SettingText(SettingCatalogue.LockFile.PropertyName, FilePathOrFalse.None)],
        [new ModelRequest(model, tool.PathOf(model), name, settings.Metadata)]);

    /// <summary>For a model that is measured as it is.</summary>
    /// <param name="data">File or folder of samples; null for none.</param>
    /// <param name="settings">Those about data and gate; the scheme is of no account.</param>
    public static ProjectRequest ToMeasure(ToolContext tool, string model, string? data, WrittenOptions settings)
    {
        WrittenOptions measured = settings.Only(IsAboutMeasuring).Without(SettingCatalogue.CalibrationData, SettingCatalogue.ValidationData)
            .With(SettingCatalogue.Scheme, nameof(QuantizationScheme.Float16));
        return ToQuantize(tool, model, data is null ? measured : measured.With(SettingCatalogue.ValidationData, data), tool.Directory, "measured");
    }

    /// <exception cref="QuantBuildException">QB1005: there is no such file.</exception>
    public static void RequireFile(ToolContext tool, string model)
    {
        string path = tool.PathOf(model);
        if (!File.Exists(path))
        {
            throw new QuantBuildException(DiagnosticCatalogue.FileNotFound.At(
                new DiagnosticOrigin(model), "The model", model, Directory.Exists(path) ? "is a folder, not a file" : "does not exist", path));
        }
    }

    public static bool IsAboutMeasuring(SettingDescriptor setting) =>
        setting.Group == SettingGroup.Data || setting == SettingCatalogue.FixedInputs || IsAboutAccuracy(setting);

    /// <summary>Metric and limits, but for those of what only a model that is being made has.</summary>
    public static bool IsAboutAccuracy(SettingDescriptor setting) =>
        setting.Group == SettingGroup.Gate && setting != SettingCatalogue.MaxModelSize && setting != SettingCatalogue.MaxSlowdown;

    /// <summary>What says how samples are read: for commands that name them with <c>--data</c>.</summary>
    public static bool IsAboutData(SettingDescriptor setting) =>
        (setting.Group == SettingGroup.Data || setting == SettingCatalogue.FixedInputs)
        && setting != SettingCatalogue.CalibrationData && setting != SettingCatalogue.ValidationData
        && setting != SettingCatalogue.SampleLimit && setting != SettingCatalogue.SampleSeed;
}
