namespace QuantBuild.Reporting;

/// <summary>Tells which stage of which model is under way and how long each took.</summary>
internal sealed class StageClock(string model, IProgress<StageProgress> progress, TimeProvider time)
{
    private readonly List<StageReport> finished = [];
    private readonly long start = time.GetTimestamp();
    private TimeSpan inner;

    public IReadOnlyList<StageReport> Finished => finished;

    public TimeSpan Elapsed => time.GetElapsedTime(start);

    /// <summary>Runs a stage; the time of stages that it runs itself counts for those. The stage may report which part of it is done, 0 to 1.</summary>
    public T Run<T>(string stage, Func<Action<double>, T> work)
    {
        long begin = time.GetTimestamp();
        TimeSpan around = inner;
        inner = TimeSpan.Zero;
        Report(0);
        T result = work(Report);
        Report(1);
        TimeSpan elapsed = time.GetElapsedTime(begin);
        finished.Add(new StageReport(stage, Math.Round((elapsed - inner).TotalMilliseconds, 1)));
        inner = around + elapsed;
        return result;

        void Report(double fraction) => progress.Report(new StageProgress(model, stage, fraction));
    }

    public T Run<T>(string stage, Func<T> work) => Run(stage, _ => work());
}
