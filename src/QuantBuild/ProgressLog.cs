using System;
using System.Globalization;
using System.Runtime.Serialization;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using QuantBuild.Tasks.Protocol;

namespace QuantBuild.Tasks;

/// <summary>Logs the worker's standard output: a new stage for everyone, the rest for who looks closely.</summary>
internal sealed class ProgressLog(TaskLoggingHelper log)
{
    private string lastStage = "";

    public void Write(string line)
    {
        if (Parse(line) is not { Stage: { } stage } progress)
        {
            log.LogMessage(MessageImportance.Low, "{0}", line);
            return;
        }

        string named = progress.Model + ": " + stage;
        string text = string.Format(CultureInfo.InvariantCulture, "QuantBuild: {0} ({1:0} %)", named, 100 * progress.Fraction);
        log.LogMessage(named == lastStage ? MessageImportance.Low : MessageImportance.Normal, "{0}", text);
        lastStage = named;
    }

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
