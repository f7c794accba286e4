using System.Text.Json.Serialization;

namespace QuantBuild.Cli;

/// <summary>Readers and writers made at compile time: starting the worker is part of every build that runs it.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(WorkerRequest))]
[JsonSerializable(typeof(WorkerResult))]
[JsonSerializable(typeof(StageProgress))]
internal sealed partial class WorkerJson : JsonSerializerContext;
