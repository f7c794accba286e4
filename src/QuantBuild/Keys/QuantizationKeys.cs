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

    public QuantizationKeys(WorkerRequest project, SettingNames settings, string workerDirectory)
    {
        this.project = project;
        this.settings = settings;
        workerHash = ModelKey.WorkerHash(workerDirectory);
    }

    /// <returns>A reason for people; null when the outputs of the model are current.</returns>
    public string? WhyStale(RequestModel model) => FileOf(model).WhyStale(KeyOf(model));

    /// <summary>Records that the outputs were made from what the worker read.</summary>
    /// <param name="inputs">Null when one of them changed while the worker read it.</param>
    public Recording Record(RequestModel model, IReadOnlyList<ResultInput>? inputs)
    {
        if (!FileOf(model).OutputsExist)
            return Recording.OutputsMissing;
        if (inputs == null)
            return Recording.InputsChanged;

        FileOf(model).Write(KeyOf(model), inputs);
        return Recording.Done;
    }

    private string KeyOf(RequestModel model) => ModelKey.Of(project, model, settings, workerHash);

    private KeyFile FileOf(RequestModel model) => new(project.OutputDirectory, model.Name, project.Language);
}

internal enum Recording
{
    Done,

    /// <summary>The worker did not leave what it should have.</summary>
    OutputsMissing,

    /// <summary>Somebody changed the model or its data during the work.</summary>
    InputsChanged,
}
