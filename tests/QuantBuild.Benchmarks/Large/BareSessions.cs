using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using QuantBuild.Benchmarks.Builds;
using QuantBuild.Testing;

namespace QuantBuild.Benchmarks.Large;

/// <summary>Opens the float and the quantized file at once with nothing but the runtime, and compares their outputs: what a comparison needs at least.</summary>
internal static class BareSessions
{
    /// <summary>As the worker holds samples out.</summary>
    private const int HeldOutEvery = 4;

    public const string Command = "large-sessions";

    /// <summary>In a process of its own, whose memory is that of the runtime.</summary>
    public static WatchedProcess RunInProcess(string floatPath, string quantizedPath, string dataPath)
    {
        var run = WatchedProcess.Run(typeof(BareSessions).Assembly.Location, Command, floatPath, quantizedPath, dataPath);
        return run.ExitCode == 0 ? run : throw new InvalidOperationException($"The runtime does not run the files: {run.Output}");
    }

    public static double DecibelsOf(WatchedProcess run) => double.Parse(run.Output, CultureInfo.InvariantCulture);

    /// <summary>Prints the signal-to-noise ratio of the held-out samples in decibels.</summary>
    public static int Run(string floatPath, string quantizedPath, string dataPath)
    {
        SampleSet samples = SampleSet.Read(dataPath);
        using var options = new SessionOptions();
        using var floatSession = new InferenceSession(floatPath, options);
        using var quantizedSession = new InferenceSession(quantizedPath, options);
        double signal = 0;
        double noise = 0;
        foreach (int sample in Enumerable.Range(0, samples.Count).Where(index => index % HeldOutEvery == HeldOutEvery - 1))
        {
            float[] expected = Output(floatSession, samples, sample);
            float[] actual = Output(quantizedSession, samples, sample);
            for (int i = 0; i < expected.Length; i++)
            {
                signal += (double)expected[i] * expected[i];
                noise += Math.Pow(expected[i] - actual[i], 2);
            }
        }
        Console.WriteLine((10 * Math.Log10(signal / noise)).ToString("R", CultureInfo.InvariantCulture));
        return 0;
    }

    private static float[] Output(InferenceSession session, SampleSet samples, int sample)
    {
        using RunInputs inputs = samples.Batch(sample, 1, session);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(options, inputs.Names, inputs.Values, [LargeModel.OutputName]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
