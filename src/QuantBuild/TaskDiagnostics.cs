using System.Globalization;
using Microsoft.Build.Utilities;
using QuantBuild.Tasks.Positions;
using QuantBuild.Tasks.Protocol;

namespace QuantBuild.Tasks;

/// <summary>The codes of the catalogue that arise outside of the worker; same texts as there.</summary>
internal static class TaskDiagnostics
{
    public const string WorkerFailedCode = "QB9002";
    public const string WorkerFailedFormat = "The quantization process ended without a result: {0}";

    public const string HostNotFoundCode = "QB9003";
    public const string HostNotFoundFormat = "The quantization process needs the .NET 10 runtime or newer, and could not be started: {0}";

    public const string OutputNotWritableCode = "QB9004";
    public const string OutputNotWritableFormat = "'{0}' cannot be written: {1}";

    public static ResultDiagnostic WorkerFailed(string reason) => Error(WorkerFailedCode, WorkerFailedFormat, reason);

    public static ResultDiagnostic HostNotFound(string reason) => Error(HostNotFoundCode, HostNotFoundFormat, reason);

    public static ResultDiagnostic OutputNotWritable(string path, string reason) =>
        Error(OutputNotWritableCode, OutputNotWritableFormat, path, reason);

    /// <summary>Hands a diagnostic to MSBuild, which then knows code, page and place.</summary>
    public static void Write(this TaskLoggingHelper log, ResultDiagnostic diagnostic, SourcePosition at)
    {
        string? code = diagnostic.Code;
        string message = diagnostic.Message ?? "";
        string? helpLink = code == null ? null : HelpLinks.For(code);
        if (diagnostic.Severity == ResultDiagnostic.Error)
            log.LogError(null, code, null, helpLink, at.File, at.Line, at.Column, 0, 0, message);
        else if (diagnostic.Severity == ResultDiagnostic.Warning)
            log.LogWarning(null, code, null, helpLink, at.File, at.Line, at.Column, 0, 0, message);
        else
            log.LogMessage(null, code, null, at.File, at.Line, at.Column, 0, 0, Microsoft.Build.Framework.MessageImportance.High, message);
    }

    private static ResultDiagnostic Error(string code, string format, params object[] arguments) => new()
    {
        Severity = ResultDiagnostic.Error,
        Code = code,
        Message = string.Format(CultureInfo.InvariantCulture, format, arguments),
    };
}
