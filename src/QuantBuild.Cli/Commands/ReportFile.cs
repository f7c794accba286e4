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
            return ReportJson.Read(File.ReadAllBytes(path));
        }
        catch (InvalidDataException exception)
        {
            throw new ProblemException(
                $"'{written}' is no report of QuantBuild: {exception.Message}. Give the NAME.report.json of a build or of 'quantbuild quantize'.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException($"the report cannot be read: {exception.Message}");
        }
    }
}
