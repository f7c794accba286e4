using System.Text.Json;
using QuantBuild.Diagnostics;

namespace QuantBuild.Cli;

/// <summary>The result as the task reads it.</summary>
internal sealed record WorkerResult(int Schema, IReadOnlyList<WorkerDiagnostic> Diagnostics, IReadOnlyList<WorkerModelResult> Models)
{
    public static WorkerResult Of(ProjectResult result) => new(
        WorkerRequest.CurrentSchema,
        [.. result.Diagnostics.Select(WorkerDiagnostic.Of)],
        [.. result.Models.Select(model => new WorkerModelResult(
            model.Include,
            model.Name,
            model.Summary,
            model.Notes,
            model.Inputs?.Select(input => new WorkerInput(input.Path, input.Sha256)).ToArray()))]);

    /// <summary>Whole or not at all: who reads the file never sees a part of it.</summary>
    public void Write(string path)
    {
        string temporary = path + ".tmp";
        try
        {
            File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(this, WorkerJson.Default.WorkerResult));
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}

/// <param name="Figures">What the message names: files, values, limits.</param>
internal sealed record WorkerDiagnostic(string Severity, string Code, string Message, string? Model, string? Setting, IReadOnlyList<string> Figures)
{
    public static WorkerDiagnostic Of(Diagnostic diagnostic) => new(
        diagnostic.Severity switch
        {
            DiagnosticSeverity.Error => "error",
            DiagnosticSeverity.Warning => "warning",
            _ => "message",
        },
        diagnostic.Code,
        diagnostic.Message,
        diagnostic.Origin?.Model,
        diagnostic.Origin?.Setting,
        [.. diagnostic.Arguments.Select(argument => argument ?? "")]);
}

/// <param name="Inputs">Null when one of them changed meanwhile.</param>
internal sealed record WorkerModelResult(string Include, string Name, string? Summary, IReadOnlyList<string> Notes, IReadOnlyList<WorkerInput>? Inputs);

internal sealed record WorkerInput(string Path, string Sha256);
