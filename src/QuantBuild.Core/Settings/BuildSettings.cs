using QuantBuild.Diagnostics;

namespace QuantBuild.Settings;

/// <summary>What is decided for a project as a whole.</summary>
/// <param name="CacheDirectory">Absolute; null: none. Empty: the user's own.</param>
/// <param name="CacheSizeLimit">Bytes.</param>
/// <param name="LockFile">Absolute; null: none.</param>
internal sealed record BuildSettings(string? CacheDirectory, long CacheSizeLimit, string? LockFile, LockedMode LockedMode)
{
    /// <summary>What is wrong in the request has its default here; it is reported with the models.</summary>
    public static BuildSettings Of(ProjectRequest request)
    {
        var settings = new SettingsInForce(
            WrittenSettings.OfProject(request.Properties, new DiagnosticBag()),
            WrittenSettings.OfItem(new ModelRequest("", "", "", []), new DiagnosticBag()));
        return new BuildSettings(
            PathOf(SettingCatalogue.CacheDirectory),
            ByteCount.BytesOf(settings.ValueOf(SettingCatalogue.CacheSizeLimit)),
            PathOf(SettingCatalogue.LockFile),
            Enum.Parse<LockedMode>(settings.ValueOf(SettingCatalogue.LockedMode), ignoreCase: true));

        string? PathOf(SettingDescriptor setting) => settings.ValueOf(setting) switch
        {
            FilePathOrFalse.None => null,
            "" => "",
            { } written => ProjectPath.Absolute(request.ProjectDirectory, written),
        };
    }
}

internal enum LockedMode
{
    /// <summary><see cref="True"/> in continuous integration where there is a lock file; otherwise the file is followed, and written.</summary>
    Auto,

    /// <summary>The build fails when it would make something else than the lock file records.</summary>
    True,

    /// <summary>The lock file is written with what was made.</summary>
    False,
}
