using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.Build.Framework;
using QuantBuild.Tasks.Protocol;

namespace QuantBuild.Tasks.Requests;

/// <summary>The settings as the targets list them: items whose identity is the name, with metadata <c>Value</c> (of the property) and <c>File</c>.</summary>
internal sealed class SettingNames
{
    public const string PropertyPrefix = "QuantBuild";

    /// <summary>The value is the path of an assembly, with the name of a type behind it.</summary>
    private const string Assembly = "assembly";

    private const char TypeSeparator = ';';

    private const string DefaultLockFile = "quantbuild.lock.json";

    private readonly IReadOnlyList<ITaskItem> settings;
    private readonly HashSet<string> propertyNames;

    public SettingNames(IReadOnlyList<ITaskItem> settings)
    {
        this.settings = settings;
        propertyNames = new HashSet<string>(settings.Select(setting => PropertyPrefix + setting.ItemSpec), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Whether a property carries the prefix and is no setting.</summary>
    public bool IsUnknown(string propertyName) =>
        propertyName.StartsWith(PropertyPrefix, StringComparison.OrdinalIgnoreCase) && !propertyNames.Contains(propertyName);

    /// <summary>Whether a model may become another one, or its delivery, when the property has another value.</summary>
    public bool DecidesContent(string propertyName) => !settings.Any(setting =>
        string.Equals(PropertyPrefix + setting.ItemSpec, propertyName, StringComparison.OrdinalIgnoreCase) && setting.GetMetadata("Content") == "false");

    /// <summary>The properties that have a value.</summary>
    public IEnumerable<RequestSetting> Properties() => settings
        .Select(setting => new RequestSetting(PropertyPrefix + setting.ItemSpec, setting.GetMetadata("Value")))
        .Where(property => property.Value.Length > 0);

    /// <returns>Absolute path of the project's lock file; null when it wants none.</returns>
    public string? LockFile(string projectDirectory)
    {
        string written = settings.FirstOrDefault(setting => setting.ItemSpec == "LockFile")?.GetMetadata("Value").Trim() ?? "";
        if (string.Equals(written, "false", StringComparison.OrdinalIgnoreCase) || written.IndexOfAny(Path.GetInvalidPathChars()) >= 0)
            return null;
        return AbsolutePath(projectDirectory, written.Length == 0 ? DefaultLockFile : written);
    }

    /// <summary>What is written for a model: on its item, else as a property; null when neither has it.</summary>
    public static string? ValueOf(WorkerRequest project, RequestModel model, string setting) =>
        (model.Metadata.Find(metadata => string.Equals(metadata.Name, setting, StringComparison.OrdinalIgnoreCase))
            ?? project.Properties.Find(property => string.Equals(property.Name, PropertyPrefix + setting, StringComparison.OrdinalIgnoreCase)))?.Value;

    /// <returns>Absolute path of the file that names the classes of a model; null when none does.</returns>
    public static string? LabelFile(WorkerRequest project, RequestModel model) =>
        ValueOf(project, model, "Labels") is { } written && written.Trim().Length > 0 && written.IndexOfAny(Path.GetInvalidPathChars()) < 0
            ? AbsolutePath(project.ProjectDirectory, written)
            : null;

    /// <summary>Absolute paths of the files and folders that settings of this model name, whether they exist or not.</summary>
    public IReadOnlyList<string> FilesOf(WorkerRequest project, RequestModel model)
    {
        var files = new List<string>();
        foreach (ITaskItem setting in settings.Where(setting => setting.GetMetadata("File") is "true" or Assembly))
        {
            string? written = ValueOf(project, model, setting.ItemSpec);
            if (setting.GetMetadata("File") == Assembly)
                written = written?.Split(TypeSeparator)[0].Trim();
            if (written is { Length: > 0 } && written.IndexOfAny(Path.GetInvalidPathChars()) < 0)
                files.Add(AbsolutePath(project.ProjectDirectory, written).TrimEnd(Path.DirectorySeparatorChar));
        }

        return files;
    }

    /// <remarks>Backslashes work on every system, as they do in MSBuild.</remarks>
    private static string AbsolutePath(string projectDirectory, string written) =>
        Path.GetFullPath(Path.Combine(projectDirectory, written.Replace('\\', Path.DirectorySeparatorChar)));
}
