using System;
using System.Collections.Generic;
using System.Linq;
using QuantBuild.Tasks.Keys;
using QuantBuild.Tasks.Protocol;

namespace QuantBuild.Tasks.Requests;

/// <summary>The files that decide what becomes of a model, besides the model itself.</summary>
internal static class ModelFiles
{
    /// <summary>Data files that settings name, and what the worker was seen to read: the model says in which files its weights are. Ordered.</summary>
    public static IReadOnlyList<string> Of(WorkerRequest project, RequestModel model, SettingNames settings) =>
    [
        .. settings.FilesOf(project, model)
            .Concat(new KeyFile(project.OutputDirectory, model.Name, project.Language).Inputs)
            .Where(path => path != model.Path)
            .Distinct(StringComparer.Ordinal)
            .OrderBy(path => path, StringComparer.Ordinal),
    ];
}
