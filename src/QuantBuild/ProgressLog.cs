using System;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.Serialization;
using System.Text;
using System.Threading;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using QuantBuild.Tasks.Protocol;

namespace QuantBuild.Tasks;

/// <summary>Logs the worker's standard output: every few seconds what is going on, for everyone, and the rest for who looks closely.</summary>
internal sealed class ProgressLog : IDisposable
{
    /// <summary>Between two lines for everyone.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(4);

    private readonly object gate = new();
    private readonly TaskLoggingHelper log;
    private readonly Func<TimeSpan> now;
    private readonly Timer timer;
    private TimeSpan? shown;

    /// <summary>What is going on and not everyone has seen; null: nothing.</summary>
    private string? unseen;

    public ProgressLog(TaskLoggingHelper log)
        : this(log, Since(Stopwatch.StartNew()))
    {
    }

    /// <param name="now">The time since any moment.</param>
    internal ProgressLog(TaskLoggingHelper log, Func<TimeSpan> now)
    {
        (this.log, this.now) = (log, now);
        timer = new Timer(_ => Tick(), null, Pause, Pause);
    }

    public void Write(string line)
    {
        lock (gate)
        {
            if (Parse(line) is not { Stage: { } stage } progress)
            {
                log.LogMessage(MessageImportance.Low, "{0}", line);
                return;
            }

            string detail = progress.Detail is { Length: > 0 } words ? " (" + words + ")" : "";
            string text = string.Format(CultureInfo.InvariantCulture, "QuantBuild: {0}: {1} {2:0} %{3}", progress.Model, stage, 100 * progress.Fraction, detail);
            if (MayShow)
            {
                Show(text);
                return;
            }

            log.LogMessage(MessageImportance.Low, "{0}", text);
            unseen = progress.Fraction < 1 ? text : null;
        }
    }

    /// <summary>Shows a stage that began just after the last line and has nothing to report since.</summary>
    internal void Tick()
    {
        lock (gate)
        {
            if (unseen is { } text && MayShow)
                Show(text);
        }
    }

    public void Dispose()
    {
        lock (gate)
            unseen = null;
        timer.Dispose();
    }

    private bool MayShow => shown is not { } last || now() - last >= Pause;

    private void Show(string text)
    {
        log.LogMessage(MessageImportance.Normal, "{0}", text);
        (shown, unseen) = (now(), null);
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
