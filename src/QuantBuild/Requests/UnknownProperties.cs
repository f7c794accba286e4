using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.Build.Framework;
using QuantBuild.Tasks.Protocol;

namespace QuantBuild.Tasks.Requests;

/// <summary>
/// Properties that look like settings and are none, usually misspelt ones. MSBuild hands a task only what the targets name,
/// so they are read from where people write them: the project's files and the command line.
/// </summary>
internal static class UnknownProperties
{
    public static IEnumerable<RequestSetting> In(ProjectFiles files, SettingNames settings) => files.Paths
        .SelectMany(files.Properties)
        .Where(property => settings.IsUnknown(property.Name.LocalName))
        .Select(property => new RequestSetting(property.Name.LocalName, property.Value.Trim()))
        .Where(property => property.Value.Length > 0);

    public static IEnumerable<RequestSetting> In(IBuildEngine engine, SettingNames settings) => engine is IBuildEngine6 globals
        ? globals.GetGlobalProperties()
            .Where(property => settings.IsUnknown(property.Key) && property.Value.Length > 0)
            .OrderBy(property => property.Key, StringComparer.Ordinal)
            .Select(property => new RequestSetting(property.Key, property.Value))
        : [];
}
