using System.Text.Json;
using QuantBuild.Cli.CommandLine;
using QuantBuild.Reporting;

namespace QuantBuild.Cli.Commands;

/// <summary>Reports that were written earlier.</summary>
internal static class ReportFile
{
    private const string Extension = ".report.json";

    /// <summary>Where the report of a model is, when there is one.</summary>
    public static string Beside(string model) => Path.ChangeExtension(model, null) + Extension;

    /// <param name="written">The path for messages.</param>
    /// <exception cref="ProblemException">The file cannot be read, or is no report.</exception>
    public static QuantizationReport Read(string path, string written)
    {
        try
        {
            QuantizationReport? report = JsonSerializer.Deserialize(File.ReadAllBytes(path), ReportJson.Default.QuantizationReport);
            return report is { Nodes: not null, Size: not null, Settings: not null }
                ? report
                : throw new ProblemException($"'{written}' is no report of QuantBuild: it is JSON, but tells of no model. Give the NAME.report.json of a build or of 'quantize'.");
        }
        catch (JsonException exception)
        {
            throw new ProblemException($"'{written}' is no report of QuantBuild: {exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException($"the report cannot be read: {exception.Message}");
        }
    }
}
