using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using QuantBuild.Benchmarks.Builds;
using QuantBuild.Benchmarks.Large;

namespace QuantBuild.Benchmarks.Rivals;

/// <summary>Runs the float file with nothing but the runtime: the memory that every tool needs that runs it at all.</summary>
internal static class BareFloatSession
{
    public const string Command = "rivals-float-session";

    /// <summary>Samples that the worker gives to the runtime at most.</summary>
    private const int BatchSize = 32;

    /// <summary>The runtime plans its memory in the first run and uses it from the second on.</summary>
    private const int Runs = 3;

    /// <summary>Of a process of its own; null when it fails.</summary>
    public static double? PeakMiB(BenchModel model)
    {
        var run = WatchedProcess.Run(typeof(BareFloatSession).Assembly.Location, Command, model.FloatPath, model.CalibrationPath);
        return run.ExitCode == 0 ? double.Parse(run.Output, CultureInfo.InvariantCulture) : null;
    }

    /// <summary>Prints the peak in MiB, as reports measure it.</summary>
    public static int Run(string floatPath, string dataPath)
    {
        SampleSet samples = SampleSet.Read(dataPath, floatPath, BatchSize);
        using SessionOptions options = MeasuredSession.Options();
        using var session = new InferenceSession(floatPath, options);
        using var runOptions = new RunOptions();
        int count = Math.Min(samples.Count, samples.FixedBatchOf(session) ?? BatchSize);
        using RunInputs batch = samples.Batch(0, count, session);
        for (int run = 0; run < Runs; run++)
            session.Run(runOptions, batch.Names, batch.Values, session.OutputNames).Dispose();
        using var process = Process.GetCurrentProcess();
        Console.WriteLine((process.PeakWorkingSet64 / (double)(1 << 20)).ToString("R", CultureInfo.InvariantCulture));
        return 0;
    }
}
