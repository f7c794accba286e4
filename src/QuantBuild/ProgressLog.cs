using System;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.Serialization;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using QuantBuild.Tasks.Protocol;

namespace QuantBuild.Tasks;

/// <summary>Logs the worker's standard output: every new stage and every few seconds how far it is, for everyone, and the rest for who looks closely.</summary>
/// <param name="now">The time since any moment.</param>
internal sealed class ProgressLog(TaskLoggingHelper log, Func<TimeSpan> now)
{
    /// <summary>Between two lines for everyone about one stage.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(4);

    private string lastStage = "";
    private TimeSpan shown;

    public ProgressLog(TaskLoggingHelper log)
        : this(log, Since(Stopwatch.StartNew()))
    {
    }

    public void Write(string line)
    {
        if (Parse(line) is not { Stage: { } stage } progress)
        {
            log.LogMessage(MessageImportance.Low, "{0}", line);
            return;
        }

        string named = progress.Model + ": " + stage;
        string detail = progress.Detail is { Length: > 0 } words ? " (" + words + ")" : "";
        string text = string.Format(CultureInfo.InvariantCulture, "QuantBuild: {0} {1:0} %{2}", named, 100 * progress.Fraction, detail);
        bool isForEveryone = named != lastStage || now() - shown >= Pause;
        log.LogMessage(isForEveryone ? MessageImportance.Normal : MessageImportance.Low, "{0}", text);
        if (isForEveryone)
            (lastStage, shown) = (named, now());
    }

    private static Func<TimeSpan> Since(Stopwatch watch) => () => watch.Elapsed;

    /// <returns>Null for text that is no progress; libraries may print, too.</returns>
    private static WorkerProgress? Parse(string line)
    {
        if (!line.StartsWith("{", StringComparison.Ordinal))
            return null;

        try
        {
            return Json.Deserialize<WorkerProgress>(Encoding.UTF8.GetBytes(line));
        }
        catch (SerializationException)
        {
            return null;
        }
    }
}
