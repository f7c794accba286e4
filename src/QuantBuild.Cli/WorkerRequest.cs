using System.Text.Json;
using QuantBuild.Settings;

namespace QuantBuild.Cli;

/// <summary>The request as the task writes it.</summary>
internal sealed record WorkerRequest(
    int Schema,
    string Command,
    string ProjectDirectory,
    string OutputDirectory,
    string RootNamespace,
    string Language,
    IReadOnlyList<WorkerSetting> Properties,
    IReadOnlyList<WorkerModel> Models,
    string? RuntimeLibrary = null,
    string TargetFramework = "",
    string? SharedDirectory = null,
    bool ContinuousIntegration = false)
{
    public const int CurrentSchema = 1;

    public const string Generate = "generate";

    public const string Quantize = "quantize";

    /// <exception cref="InvalidDataException">The file is no request that this worker understands.</exception>
    public static WorkerRequest Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        try
        {
            WorkerRequest request = JsonSerializer.Deserialize(stream, WorkerJson.Default.WorkerRequest)
                ?? throw new InvalidDataException("the request is empty");
            return request.Schema == CurrentSchema
                ? request
                : throw new InvalidDataException($"the request has the schema {request.Schema}, this worker speaks {CurrentSchema}");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"the request is damaged: {exception.Message}", exception);
        }
    }

    public ProjectRequest ToProjectRequest() => new(
        ProjectDirectory,
        OutputDirectory,
        RootNamespace,
        Language,
        [.. Properties.Select(property => property.ToSettingText())],
        [.. Models.Select(model => model.ToModelRequest())])
    {
        TargetFramework = TargetFramework,
        SharedDirectory = SharedDirectory ?? OutputDirectory,
        IsContinuousIntegration = ContinuousIntegration,
    };
}

internal sealed record WorkerModel(
    string Include,
    string Path,
    string Name,
    IReadOnlyList<WorkerSetting> Metadata,
    bool IsCurrent = false,
    string? Variant = null,
    string? Family = null)
{
    public ModelRequest ToModelRequest() => new(Include, Path, Name, [.. Metadata.Select(metadata => metadata.ToSettingText())])
    {
        IsCurrent = IsCurrent,
        Variant = Variant,
        Family = Family,
    };
}

internal sealed record WorkerSetting(string Name, string Value)
{
    public SettingText ToSettingText() => new(Name, Value);
}
