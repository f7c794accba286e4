using QuantBuild.Generation.CSharp;

namespace QuantBuild.Core.Tests.Generation;

/// <summary>Sessions that take as long as they are told, on a clock that only they move.</summary>
internal sealed class SimulatedVariants
{
    public const long Budget = 100;

    public const long ProbeInterval = 1000;

    private readonly long[] latencies;

    /// <param name="latencies">Ticks of one call without load, of the most accurate variant first.</param>
    public SimulatedVariants(params long[] latencies)
    {
        this.latencies = latencies;
        Controller = new VariantController(
            latencies.Length, Budget, ProbeInterval, () => Now, (from, to) => Moves.Add((from, to)), () => Releases++, "Net");
    }

    public VariantController Controller { get; }

    /// <summary>Far from zero, as real clocks are.</summary>
    public long Now { get; set; } = 1L << 40;

    /// <summary>Factor on all latencies.</summary>
    public double Load { get; set; } = 1;

    public List<(int From, int To)> Moves { get; } = [];

    public int Releases { get; private set; }

    /// <summary>Calls by variant.</summary>
    public Dictionary<int, int> Calls { get; } = [];

    public long LatencyOf(int variant) => (long)(latencies[variant] * Load);

    /// <summary>One call after another.</summary>
    public SimulatedVariants Run(int calls)
    {
        for (int i = 0; i < calls; i++)
            RunOne();
        return this;
    }

    public int RunOne(Func<int, long>? latency = null, bool succeeds = true)
    {
        VariantController.Call call = Controller.Begin();
        Now += latency is null ? LatencyOf(call.Variant) : latency(call.Variant);
        Controller.End(call, succeeds);
        Calls[call.Variant] = Calls.GetValueOrDefault(call.Variant) + 1;
        return call.Variant;
    }

    /// <summary>Runs the calls with which the variants are measured, and forgets the move to where it starts.</summary>
    public SimulatedVariants Measured()
    {
        Run(3 * latencies.Length);
        Moves.Clear();
        Calls.Clear();
        return this;
    }
}
