using QuantBuild.Diagnostics;

namespace QuantBuild.Settings;

/// <summary>The files that the settings of a model name.</summary>
internal static class SettingFiles
{
    /// <returns>Absolute paths; null for none.</returns>
    public static (string? CalibrationData, string? ValidationData, string? Labels) Check(
        string projectDirectory, ModelRequest model, SettingsInForce settings, DiagnosticBag problems)
    {
        if (!File.Exists(model.Path))
            problems.Add(DiagnosticCatalogue.FileNotFound.At(
                new DiagnosticOrigin(model.Include), "The model", model.Include, Absence(model.Path), model.Path));
        WrittenSetting calibration = settings[SettingCatalogue.CalibrationData];
        WrittenSetting validation = settings[SettingCatalogue.ValidationData];
        string? calibrationPath = Locate(projectDirectory, calibration, takesFolder: true, problems);
        string? validationPath = Locate(projectDirectory, validation, takesFolder: true, problems);
        string? labels = Locate(projectDirectory, settings[SettingCatalogue.Labels], takesFolder: false, problems);
        if (calibrationPath is not null && calibrationPath == validationPath && settings.ValueOf(SettingCatalogue.Scheme) == "Static")
        {
            problems.Add(DiagnosticCatalogue.IncompatibleSettings.At(
                validation.Origin,
                $"{validation.Name} is that of {calibration.Name}: accuracy on the samples that the ranges come from says little. "
                + $"Remove {validation.Name}, and every fourth sample is held out for it."));
        }

        return (calibrationPath, validationPath, labels);
    }

    /// <returns>The absolute path, also of a file that is not there, which is told; null for none.</returns>
    public static string? Locate(string projectDirectory, WrittenSetting setting, bool takesFolder, DiagnosticBag problems)
    {
        if (setting.Value is not { Length: > 0 } written)
            return null;
        string path = Path.TrimEndingDirectorySeparator(ProjectPath.Absolute(projectDirectory, written));
        if (!File.Exists(path) && !(takesFolder && Directory.Exists(path)))
            problems.Add(DiagnosticCatalogue.FileNotFound.At(setting.Origin, setting.Name, written, Absence(path), path));
        return path;
    }

    private static string Absence(string path) => Directory.Exists(path) ? "is a folder, not a file" : "does not exist";
}
