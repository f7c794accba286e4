using QuantBuild.Diagnostics;

namespace QuantBuild.Cli;

/// <summary>Turns whatever ended the work into a code of the catalogue. Stack traces go to a log, never to the user.</summary>
internal static class Faults
{
    public const string LogName = "quantbuild.log";

    public static Diagnostic Explain(Exception exception, string outputDirectory) => exception switch
    {
        QuantBuildException known => known.Diagnostic,
        IOException or UnauthorizedAccessException => DiagnosticCatalogue.OutputNotWritable.At(null, outputDirectory, exception.Message),
        OutOfMemoryException => DiagnosticCatalogue.WorkerFailed.At(null, "there is not enough memory."),
        _ => Unexpected(exception, Path.Combine(outputDirectory, LogName)),
    };

    private static Diagnostic Unexpected(Exception exception, string logFile)
    {
        try
        {
            File.WriteAllText(logFile, exception + "\n");
            return DiagnosticCatalogue.InternalError.At(null, exception.Message, logFile);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            return DiagnosticCatalogue.InternalError.At(null, exception.Message, $"(not written: {unwritable.Message})");
        }
    }
}
