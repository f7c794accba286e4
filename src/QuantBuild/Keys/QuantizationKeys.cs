using System;
using System.Collections.Generic;
using QuantBuild.Tasks.Protocol;
using QuantBuild.Tasks.Requests;

namespace QuantBuild.Tasks.Keys;

/// <summary>Decides for the models of one project which are current, and records those that became so.</summary>
internal sealed class QuantizationKeys
{
    private readonly WorkerRequest project;
    private readonly SettingNames settings;
    private readonly string workerHash;
    private readonly Dictionary<string, string?> keysBefore = new(StringComparer.Ordinal);

    public QuantizationKeys(WorkerRequest project, SettingNames settings, string workerDirectory)
    {
        this.project = project;
        this.settings = settings;
        workerHash = ModelKey.WorkerHash(workerDirectory);
    }

    /// <returns>A reason for people; null when the outputs of the model are current.</returns>
    public string? WhyStale(RequestModel model)
    {
        string? key = KeyOf(model);
        keysBefore[model.Name] = key;
        return FileOf(model).WhyStale(key);
    }

    /// <summary>Records that the outputs were made from what <see cref="WhyStale"/> saw, if that is still there.</summary>
    public Recording Record(RequestModel model)
    {
        if (!FileOf(model).OutputsExist)
            return Recording.OutputsMissing;
        if (KeyOf(model) is not { } key || key != keysBefore[model.Name])
            return Recording.InputsChanged;

        FileOf(model).Write(key);
        return Recording.Done;
    }

    private string? KeyOf(RequestModel model) => ModelKey.Of(project, model, ModelFiles.Of(project, model, settings), workerHash);

    private KeyFile FileOf(RequestModel model) => new(project.OutputDirectory, model.Name);
}

internal enum Recording
{
    Done,

    /// <summary>The worker did not leave what it should have.</summary>
    OutputsMissing,

    /// <summary>Somebody changed the model, its data or the worker during the work.</summary>
    InputsChanged,
}
