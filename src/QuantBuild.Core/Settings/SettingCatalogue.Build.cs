namespace QuantBuild.Settings;

/// <summary>Settings of the project and its builds.</summary>
internal static partial class SettingCatalogue
{
    public static readonly SettingDescriptor Enabled = ForProject("Enabled", new Choice(["true", "false"], []), "true",
        "Whether QuantBuild does anything in this project. With `false` there are no generated classes either; for builds that only have to be quick, `QuantBuildScheme` is `None`: the classes then run the float models.");

    public static readonly SettingDescriptor CacheDirectory = ForProject("CacheDirectory", new FilePathOrFalse(), "",
        "Folder of quantized models by content, which projects, target frameworks, branches and clean checkouts of one user share: what was quantized "
        + "from the same model, data and settings by the same version is not quantized again. `false`: there is no such folder, and results are kept "
        + "in the project's obj folder only. Nobody who is not trusted should be able to write to it.") with
    { DefaultMeaning = "`quantbuild` in the user's folder for caches (`~/.cache`, `%LOCALAPPDATA%`, `~/Library/Caches`)" };

    public static readonly SettingDescriptor CacheSizeLimit = ForProject("CacheSizeLimit", new ByteCount(Smallest: 1L << 20), "4GiB",
        "How large `QuantBuildCacheDirectory` may become. What was used longest ago is deleted first.");

    public static readonly SettingDescriptor RemoteCache = BuildNotAvailable("RemoteCache", "",
        "Results that machines share.", "Results are kept in the project's obj folder.");

    public static readonly SettingDescriptor LockFile = ForProject("LockFile", new FilePathOrFalse(), "quantbuild.lock.json",
        "File beside the project, meant for source control, that records for every model from what it was made, what was chosen, what was "
        + "measured, and the hash of what ships. `false`: there is none. Processors with other instructions compute the last bits of float results "
        + "differently: on such a machine the choices and ranges are taken from the file as long as model, data and settings are those that it records.");

    public static readonly SettingDescriptor LockedMode = ForProject("LockedMode", new Choice(["Auto", "true", "false"], []), "Auto",
        "Whether a build that would make another model than `QuantBuildLockFile` records fails (`true`), or writes what it made into that file "
        + "(`false`). `Auto` is `true` with `ContinuousIntegrationBuild` where there is such a file, and otherwise writes it.");

    public static readonly SettingDescriptor Report = ForProject("Report", new ReportTarget(), "true",
        "Where the reports are found. Each model has one, which tells what was done, chosen and measured: `obj/…/quantbuild/NAME.report.html` for people and "
        + "`NAME.report.json` for programs. A folder gets a copy of every report in every build, also of one that fails at the gate; a path that ends in `.json` or "
        + "`.html` gets the report of the only model. What is copied is not removed by `clean`. With `true` the reports stay in the obj folder; with `false` too, and no binary log gets them.");

    public static readonly SettingDescriptor MemoryLimit = ForProject("MemoryLimit", new ByteCount(Smallest: 64L << 20), "2GiB",
        "Memory that calibration may fill with the inner values of one batch and the statistics of all layers, beside what ONNX Runtime takes "
        + "for the float model: `2GiB`, `512MiB`, or a number of bytes. Values that do not fit together are measured in several passes over "
        + "`CalibrationData`, which takes longer. The values of one layer are never split, however small the limit. "
        + "It does not depend on the machine, so that all machines make the same model.") with
    { Effect = SettingEffect.Model };

    public static readonly SettingDescriptor EmbedInBinlog = ForProject("EmbedInBinlog", new Choice(["true", "false"], []), "true",
        "Whether binary logs (`dotnet build -bl`) contain the reports, among the files that MSBuild puts into them.");

    public static readonly SettingDescriptor Sarif = ForProject("Sarif", new FilePathOrFalse(), "false",
        "File that gets all errors, warnings and messages about the project's models in SARIF 2.1.0, for code scanning: with their codes, the places in project "
        + "files, counted from the top of the repository, and the text of their pages. It is written in every build, also in one that fails, and not "
        + "removed by `clean`. `false`: there is none but `obj/…/quantbuild/quantbuild.sarif`.");

    private static SettingDescriptor ForProject(string name, SettingKind kind, string standard, string meaning) =>
        new(SettingGroup.Build, name, kind, standard, meaning) { Scope = SettingScope.Project };

    private static SettingDescriptor BuildNotAvailable(string name, string standard, string meaning, string instead) =>
        ForProject(name, new NotYet(), standard, meaning) with { IsAvailable = false, Instead = instead };
}
