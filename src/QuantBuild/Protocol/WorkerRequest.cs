using System.Collections.Generic;
using System.Runtime.Serialization;

namespace QuantBuild.Tasks.Protocol;

/// <summary>What the task asks of the worker: one project with its models. The worker reads it as JSON.</summary>
[DataContract]
internal sealed class WorkerRequest
{
    public const int CurrentSchema = 1;

    public const string Generate = "generate";

    public const string Quantize = "quantize";

    [DataMember(Name = "schema", Order = 0)]
    public int Schema { get; set; } = CurrentSchema;

    /// <summary>Version of the package: another version is another request, so that nothing made by the old one counts as current.</summary>
    [DataMember(Name = "tool", Order = 1)]
    public string Tool { get; set; } = "";

    [DataMember(Name = "command", Order = 2)]
    public string Command { get; set; } = Generate;

    /// <summary>Absolute; relative paths in settings are relative to it.</summary>
    [DataMember(Name = "projectDirectory", Order = 3)]
    public string ProjectDirectory { get; set; } = "";

    /// <summary>Absolute; the worker writes its files there.</summary>
    [DataMember(Name = "outputDirectory", Order = 4)]
    public string OutputDirectory { get; set; } = "";

    [DataMember(Name = "rootNamespace", Order = 5)]
    public string RootNamespace { get; set; } = "";

    /// <summary>MSBuild's <c>$(Language)</c>.</summary>
    [DataMember(Name = "language", Order = 6)]
    public string Language { get; set; } = "";

    /// <summary>The project's <c>QuantBuild…</c> properties that are not empty, known ones and unknown ones, ordered by name.</summary>
    [DataMember(Name = "properties", Order = 7)]
    public List<RequestSetting> Properties { get; set; } = new();

    /// <summary>Absolute path of the native library of the project's own ONNX Runtime; null when it brings none for this platform.</summary>
    [DataMember(Name = "runtimeLibrary", Order = 9, EmitDefaultValue = false)]
    public string? RuntimeLibrary { get; set; }

    [DataMember(Name = "models", Order = 8)]
    public List<RequestModel> Models { get; set; } = new();

    /// <summary>The target framework that is built, where the project has several; otherwise empty.</summary>
    [DataMember(Name = "targetFramework", Order = 10)]
    public string TargetFramework { get; set; } = "";

    /// <summary>Absolute; a folder that the builds for all target frameworks share.</summary>
    [DataMember(Name = "sharedDirectory", Order = 11)]
    public string SharedDirectory { get; set; } = "";

    [DataMember(Name = "continuousIntegration", Order = 12)]
    public bool IsContinuousIntegration { get; set; }

    /// <summary>Absolute path of the lock file; null when the project wants none.</summary>
    [DataMember(Name = "lockFile", Order = 13, EmitDefaultValue = false)]
    public string? LockFile { get; set; }

    /// <summary>The same project, asked for <paramref name="command"/> and <paramref name="models"/> only.</summary>
    public WorkerRequest With(string command, List<RequestModel> models) => new()
    {
        Schema = Schema,
        Tool = Tool,
        Command = command,
        ProjectDirectory = ProjectDirectory,
        OutputDirectory = OutputDirectory,
        RootNamespace = RootNamespace,
        Language = Language,
        Properties = Properties,
        RuntimeLibrary = RuntimeLibrary,
        TargetFramework = TargetFramework,
        SharedDirectory = SharedDirectory,
        IsContinuousIntegration = IsContinuousIntegration,
        LockFile = LockFile,
        Models = models,
    };
}

[DataContract]
internal sealed class RequestModel
{
    /// <summary>The item's identity.</summary>
    [DataMember(Name = "include", Order = 0)]
    public string Include { get; set; } = "";

    /// <summary>Absolute.</summary>
    [DataMember(Name = "path", Order = 1)]
    public string Path { get; set; } = "";

    /// <summary>File name, without extension, of everything that is made from this model.</summary>
    [DataMember(Name = "name", Order = 2)]
    public string Name { get; set; } = "";

    /// <summary>The item's own metadata that are not empty, ordered by name.</summary>
    [DataMember(Name = "metadata", Order = 3)]
    public List<RequestSetting> Metadata { get; set; } = new();

    /// <summary>True when the outputs that are there were made from the content that there is: nothing has to be quantized.</summary>
    [DataMember(Name = "isCurrent", Order = 4)]
    public bool IsCurrent { get; set; }

    /// <summary>Which form of the model this is; null when there is only one.</summary>
    [DataMember(Name = "variant", Order = 5, EmitDefaultValue = false)]
    public string? Variant { get; set; }

    /// <summary>Name of the class that all variants of the model share; null when there is only one.</summary>
    [DataMember(Name = "family", Order = 6, EmitDefaultValue = false)]
    public string? Family { get; set; }

    /// <summary>What messages and the lock file call this form of the model.</summary>
    public string Id => Variant == null ? Include : Include + "#" + Variant;

    /// <summary>File name, without extension, of the generated code.</summary>
    public string CodeName => Family ?? Name;
}

[DataContract]
internal sealed class RequestSetting
{
    public RequestSetting(string name, string value)
    {
        Name = name;
        Value = value;
    }

    [DataMember(Name = "name", Order = 0)]
    public string Name { get; set; }

    [DataMember(Name = "value", Order = 1)]
    public string Value { get; set; }
}
