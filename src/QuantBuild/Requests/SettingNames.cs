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

    /// <summary>The properties that have a value.</summary>
    public IEnumerable<RequestSetting> Properties() => settings
        .Select(setting => new RequestSetting(PropertyPrefix + setting.ItemSpec, setting.GetMetadata("Value")))
        .Where(property => property.Value.Length > 0);

    /// <summary>What is written for a model: on its item, else as a property; null when neither has it.</summary>
    public static string? ValueOf(WorkerRequest project, RequestModel model, string setting) =>
        (model.Metadata.Find(metadata => string.Equals(metadata.Name, setting, StringComparison.OrdinalIgnoreCase))
            ?? project.Properties.Find(property => string.Equals(property.Name, PropertyPrefix + setting, StringComparison.OrdinalIgnoreCase)))?.Value;

    /// <summary>Absolute paths of the files that settings of this model name, whether they exist or not.</summary>
    public IReadOnlyList<string> FilesOf(WorkerRequest project, RequestModel model)
    {
        var files = new List<string>();
        foreach (ITaskItem setting in settings.Where(setting => setting.GetMetadata("File") == "true"))
        {
            if (ValueOf(project, model, setting.ItemSpec) is { } written && written.IndexOfAny(Path.GetInvalidPathChars()) < 0)
                files.Add(Path.GetFullPath(Path.Combine(project.ProjectDirectory, written.Replace('\\', Path.DirectorySeparatorChar))));
        }

        return files;
    }
}
