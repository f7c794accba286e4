using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using QuantBuild.Benchmarks.Builds;
using QuantBuild.Numerics;
using QuantBuild.Testing;

namespace QuantBuild.Benchmarks.Kernels;

/// <summary>The Gram kernel beside ONNX Runtime's Gemm of floats of the same shape, on as many threads.</summary>
internal static class GramRaces
{
    private const int Rounds = 9;

    private static readonly TimeSpan ShortestTurn = TimeSpan.FromMilliseconds(10);

    private static readonly (int Rows, int Columns)[] Shapes = [(16384, 64), (16384, 147), (8192, 384), (4096, 768), (2048, 1536), (1024, 3072)];

    public static IEnumerable<GramRow> Run()
    {
        foreach (int threads in new[] { 1, Environment.ProcessorCount })
        {
            foreach ((int rows, int columns) in Shapes)
            {
                short[] values = Values(rows * columns);
                long[] sums = new long[columns * columns];
                yield return Race("Gram", rows, columns, threads, () => GramKernel.Accumulate(values, values, rows, columns, sums, threads));
                yield return Race(
                    "Gram, symmetric", rows, columns, threads, () => GramKernel.AccumulateSymmetric(values, rows, columns, sums, threads));
            }
        }
    }

    /// <summary>Time of the processor on one thread, and of the clock on several; the fastest run of each turn.</summary>
    private static GramRow Race(string name, int rows, int columns, int threads, Action gram)
    {
        using Gemm gemm = new(rows, columns, threads);
        List<double> ratios = [];
        List<double> seconds = [];
        for (int round = 0; round <= Rounds; round++)
        {
            double ofGram = Fastest(gram, threads);
            double ofGemm = Fastest(gemm.Run, threads);
            if (round == 0)
                continue;
            seconds.Add(ofGram);
            ratios.Add(ofGemm / ofGram);
        }

        double multiplyAdds = (double)rows * columns * columns;
        return new GramRow(name, rows, columns, threads, multiplyAdds / Spread.Of(seconds).Median / 1e9, Spread.Of(ratios).Median);
    }

    private static double Fastest(Action action, int threads)
    {
        long start = Stopwatch.GetTimestamp();
        double fastest = double.PositiveInfinity;
        while (Stopwatch.GetElapsedTime(start) < ShortestTurn)
        {
            TimeSpan run = Now();
            action();
            fastest = Math.Min(fastest, (Now() - run).TotalSeconds);
        }

        return fastest;

        TimeSpan Now() => threads == 1 ? ThreadClock.Now : Stopwatch.GetElapsedTime(0);
    }

    private static short[] Values(int count)
    {
        Random random = new(1);
        short[] values = new short[count];
        for (int i = 0; i < count; i++)
            values[i] = (short)random.Next(-GramKernel.LargestMagnitude, GramKernel.LargestMagnitude + 1);
        return values;
    }

    private sealed class Gemm : IDisposable
    {
        private readonly InferenceSession session;
        private readonly OrtValue input;
        private readonly OrtValue output;
        private readonly RunOptions runOptions = new();

        public Gemm(int rows, int columns, int threads)
        {
            byte[] model = new ModelBuilder(17).Input("x", $"{rows},{columns}").Input("y", $"{rows},{columns}").Output("z")
                .Node("Gemm", "x y", "z", ("transA", 1)).Build().ToBytes();
            using SessionOptions options = new() { IntraOpNumThreads = threads, InterOpNumThreads = 1 };
            session = new InferenceSession(model, options);
            input = OrtValue.CreateTensorValueFromMemory(SeededValues.Floats("x", -1, 1, (long)rows * columns), [rows, columns]);
            output = OrtValue.CreateTensorValueFromMemory(new float[columns * columns], [columns, columns]);
        }

        public void Run() => session.Run(runOptions, ["x", "y"], [input, input], ["z"], [output]);

        public void Dispose()
        {
            input.Dispose();
            output.Dispose();
            runOptions.Dispose();
            session.Dispose();
        }
    }
}

/// <param name="GigaMultiplyAddsPerSecond">10⁹ multiply-adds of the full product a second; the symmetric form needs half of them.</param>
/// <param name="SpeedBesideGemm">Time of ONNX Runtime's Gemm ÷ time of the kernel.</param>
internal sealed record GramRow(string Kernel, int Rows, int Columns, int Threads, double GigaMultiplyAddsPerSecond, double SpeedBesideGemm);
