using Microsoft.ML.OnnxRuntime;

namespace QuantBuild.Benchmarks.Costs;

/// <summary>Nanoseconds of one node on one thread: a long chain minus a short one, divided by the nodes between them.</summary>
internal static class KernelTimer
{
    private const int Short = 1;
    private const int Long = 7;
    private const int Rounds = 25;
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(1.5);

    /// <returns>Of the float and of the integer form.</returns>
    public static (double Float, double Integer) Measure(KernelCase kernel)
    {
        double[] best = BestTimes(
            [kernel.Float(Short), kernel.Float(Long), kernel.Integer(Short), kernel.Integer(Long)], kernel.Shape);
        return (PerNode(0), PerNode(2));

        double PerNode(int index) => (best[index + 1] - best[index]) / (Long - Short);
    }

    /// <summary>Shortest mean over a turn, in nanoseconds: what a busy machine adds is never negative. All models run in every round.</summary>
    private static double[] BestTimes(IReadOnlyList<byte[]> models, long[] shape)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        InferenceSession[] sessions = [.. models.Select(model => new InferenceSession(model, options))];
        float[] data = new float[shape.Aggregate(1L, (product, dimension) => product * dimension)];
        for (int i = 0; i < data.Length; i++)
            data[i] = MathF.Sin(i * 0.37f);
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(data, shape);
        using var runOptions = new RunOptions();
        double[] best = [.. sessions.Select(_ => double.PositiveInfinity)];
        int[] runs = [.. sessions.Select(session => Math.Max(1, (int)(Turn / Time(session, 3) * 3)))];
        for (int round = 0; round < Rounds; round++)
            for (int i = 0; i < sessions.Length; i++)
                best[i] = Math.Min(best[i], Time(sessions[i], runs[i]).TotalNanoseconds / runs[i]);
        foreach (InferenceSession session in sessions)
            session.Dispose();
        return best;

        TimeSpan Time(InferenceSession session, int count)
        {
            TimeSpan start = ThreadClock.Now;
            for (int i = 0; i < count; i++)
                session.Run(runOptions, ["x"], [input], ["y"]).Dispose();
            return ThreadClock.Now - start;
        }
    }
}
