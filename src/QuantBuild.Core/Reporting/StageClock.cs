namespace QuantBuild.Reporting;

/// <summary>Tells which stage of which model is under way and how long each took.</summary>
internal sealed class StageClock(string model, IProgress<StageProgress> progress, TimeProvider time)
{
    private readonly List<StageReport> finished = [];
    private readonly long start = time.GetTimestamp();
    private TimeSpan inner;

    /// <summary>Stages at work that tell of all their progress themselves.</summary>
    private int telling;

    public IReadOnlyList<StageReport> Finished => finished;

    public TimeSpan Elapsed => time.GetElapsedTime(start);

    /// <summary>Runs a stage; the time of stages that it runs itself counts for those. The stage may report which part of it is done, 0 to 1.</summary>
    public T Run<T>(string stage, Func<Action<double>, T> work) => Run(stage, report => work(fraction => report(fraction, null)), tellsAll: false);

    public T Run<T>(string stage, Func<T> work) => Run(stage, _ => work(), tellsAll: false);

    /// <summary>Runs a stage that others are part of, which are not reported: it says itself, in words too, how far it is.</summary>
    public T RunWhole<T>(string stage, Func<Action<double, string?>, T> work) => Run(stage, work, tellsAll: true);

    private T Run<T>(string stage, Func<Action<double, string?>, T> work, bool tellsAll)
    {
        long begin = time.GetTimestamp();
        TimeSpan around = inner;
        inner = TimeSpan.Zero;
        bool isHidden = telling > 0;
        telling += tellsAll ? 1 : 0;
        T result;
        try
        {
            Report(0, null);
            result = work(Report);
            Report(1, null);
        }
        finally
        {
            telling -= tellsAll ? 1 : 0;
        }
        TimeSpan elapsed = time.GetElapsedTime(begin);
        finished.Add(new StageReport(stage, Math.Round((elapsed - inner).TotalMilliseconds, 1)));
        inner = around + elapsed;
        return result;

        void Report(double fraction, string? detail)
        {
            if (!isHidden)
                progress.Report(new StageProgress(model, stage, fraction, detail));
        }
    }
}
