using System.Globalization;
using System.Runtime.InteropServices;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Settings;

namespace QuantBuild.Placement.Costs;

/// <summary>Times some kernels of the machine that builds, beside what the measured table has for them.</summary>
/// <remarks>Of a node: a long chain less a short one, in turns, and the median over the rounds, so that what else the machine does weighs little.</remarks>
internal sealed class MachineProbe(IInferenceEngine engine, TimeProvider clock)
{
    private const int ShortChain = 1;
    private const int LongChain = 5;
    private const int WarmUps = 3;
    private const int Rounds = 15;

    /// <summary>A difference that is smaller is one of the clock.</summary>
    private const double SmallestFactor = 0.01;

    public MachineKernels Measure(CancellationToken cancellation)
    {
        var table = CostTable.Of(TargetProfile.X64Vnni);
        var kernels = new SortedDictionary<string, KernelFactors>(StringComparer.Ordinal);
        foreach (IGrouping<string, ProbedKernel> family in ProbedKernel.All.GroupBy(kernel => kernel.Kernel))
        {
            KernelCostPair row = table.Of(family.Key);
            double inFloat = 0;
            double inIntegers = 0;
            foreach (ProbedKernel kernel in family)
            {
                cancellation.ThrowIfCancellationRequested();
                (double floats, double integers) = Nanoseconds(kernel);
                inFloat += Math.Log(Math.Max(SmallestFactor, floats / row.Float.Of(kernel.FloatWork)));
                inIntegers += Math.Log(Math.Max(SmallestFactor, integers / row.Integer.Of(kernel.IntegerWork)));
            }
            kernels.Add(family.Key, new KernelFactors(Rounded(Math.Exp(inFloat / family.Count())), Rounded(Math.Exp(inIntegers / family.Count()))));
        }
        return new MachineKernels(kernels);
    }

    /// <returns>Of one node, in both forms.</returns>
    private (double Float, double Integer) Nanoseconds(ProbedKernel kernel)
    {
        using IInferenceSession shortFloat = engine.Open(kernel.Build(false, ShortChain));
        using IInferenceSession longFloat = engine.Open(kernel.Build(false, LongChain));
        using IInferenceSession shortInteger = engine.Open(kernel.Build(true, ShortChain));
        using IInferenceSession longInteger = engine.Open(kernel.Build(true, LongChain));
        IInferenceSession[] sessions = [shortFloat, longFloat, shortInteger, longInteger];
        InputTensor[] inputs = [InputOf(kernel.Shape)];
        for (int i = 0; i < WarmUps; i++)
            foreach (IInferenceSession session in sessions)
                Time(session, inputs);
        double[] floats = new double[Rounds];
        double[] integers = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            double[] times = [.. sessions.Select(session => Time(session, inputs))];
            floats[round] = times[1] - times[0];
            integers[round] = times[3] - times[2];
        }
        return (Median(floats) / (LongChain - ShortChain), Median(integers) / (LongChain - ShortChain));
    }

    private double Time(IInferenceSession session, InputTensor[] inputs)
    {
        long start = clock.GetTimestamp();
        session.Run(inputs, [ProbedKernel.Output], static (_, _) => { });
        return clock.GetElapsedTime(start).TotalNanoseconds;
    }

    private static InputTensor InputOf(IReadOnlyList<long> shape)
    {
        float[] data = new float[shape.Aggregate(1L, (product, dimension) => product * dimension)];
        for (int i = 0; i < data.Length; i++)
            data[i] = MathF.Sin(i * 0.37f);
        return new InputTensor(ProbedKernel.Input, OnnxElementType.Float, shape, MemoryMarshal.AsBytes(data.AsSpan()).ToArray());
    }

    private static double Median(double[] values) => PairedTiming.Quantile(values, 0.5);

    /// <summary>Three digits: a machine is not the same twice, and files stay readable.</summary>
    private static double Rounded(double value) => double.Parse(value.ToString("G3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
