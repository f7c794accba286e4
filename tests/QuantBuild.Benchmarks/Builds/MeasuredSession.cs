using Microsoft.ML.OnnxRuntime;

namespace QuantBuild.Benchmarks.Builds;

/// <summary>Sessions as everything here opens them: with the runtime's defaults, and silent about what it thinks of files.</summary>
internal static class MeasuredSession
{
    public static SessionOptions Options() => new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };

    public static SessionOptions OneThread()
    {
        SessionOptions options = Options();
        options.IntraOpNumThreads = 1;
        options.InterOpNumThreads = 1;
        return options;
    }
}
