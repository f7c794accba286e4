#nullable disable
namespace QuantBuild.Generation.CSharp;

// Compiled here for its tests, and written into generated code as it stands: C# 7.3, full names, no other type of ours.

/// <summary>
/// Decides on which variant of a model each call runs, so that nine of ten calls keep a latency budget on the most accurate variant that can.
/// Variants are numbered from the most accurate to the least; times are ticks of the given clock. Any number of threads may call.
/// </summary>
internal sealed class VariantController
{
    /// <summary>Calls that are remembered of the current variant.</summary>
    public const int Window = 20;

    /// <summary>So many of them may be over the budget: single stragglers are nobody's fault.</summary>
    public const int AllowedLate = 2;

    /// <summary>The first call of a session allocates its memory; it says nothing of those that follow.</summary>
    private const int UnmeasuredCalls = 1;

    private const int MeasuredCalls = 2;

    /// <summary>Share of the budget that a variant has to keep before the controller moves to it; more than it takes to stay.</summary>
    private const double Room = 0.8;

    /// <summary>Probes in a row that have to keep it.</summary>
    private const int ProbesToMove = 3;

    /// <summary>Calls on the current variant between two probes.</summary>
    private const int CallsBetweenProbes = 4;

    /// <summary>Each failure of a variant doubles the time until it is probed again, up to the probe interval times two to the power of this.</summary>
    private const int MostDoublings = 6;

    /// <summary>A variant that was left more often than this in a row is not probed earlier for a lower load: the load goes up and down.</summary>
    private const int PatientLeaves = 3;

    /// <summary>A load that has fallen to this share of what a variant failed at is worth a probe.</summary>
    private const double LowerLoad = 0.7;

    private readonly object gate = new object();
    private readonly global::System.Func<long> clock;
    private readonly global::System.Action<int, int> moved;
    private readonly global::System.Action released;
    private readonly string owner;
    private readonly long budget;
    private readonly long probeInterval;
    private readonly Variant[] variants;
    private readonly long[] latencies = new long[Window];
    private int count;
    private int next;
    private int epoch;
    private int current;
    private long currentSince;
    private bool isMeasured;
    private bool isProbing;
    private int callsSinceProbe;
    private int running;
    private bool isClosed;

    /// <param name="variantCount">At least one.</param>
    /// <param name="budget">What a call may take, in ticks of the clock.</param>
    /// <param name="probeInterval">After which a more accurate variant is tried again, in ticks of the clock.</param>
    /// <param name="clock">Tells the time in ticks.</param>
    /// <param name="moved">Gets the former and the new current variant, on the thread of the call after which it changed.</param>
    /// <param name="released">Called once when the controller is closed and no call is running any more.</param>
    /// <param name="owner">What is said to be disposed when a call begins later.</param>
    public VariantController(
        int variantCount,
        long budget,
        long probeInterval,
        global::System.Func<long> clock,
        global::System.Action<int, int> moved,
        global::System.Action released,
        string owner)
    {
        this.owner = owner;
        this.budget = budget;
        this.probeInterval = global::System.Math.Max(1, probeInterval);
        this.clock = clock;
        this.moved = moved;
        this.released = released;
        variants = new Variant[variantCount];
        for (int index = 0; index < variantCount; index++)
            variants[index] = new Variant();
        isMeasured = variantCount == 1;
    }

    /// <summary>The variant of calls that neither measure nor probe another one.</summary>
    public int Current
    {
        get
        {
            lock (gate)
                return current;
        }
    }

    /// <summary>The latency that at most <see cref="AllowedLate"/> of the last calls on the current variant exceed; 0 before the first.</summary>
    public long RecentLatency
    {
        get
        {
            lock (gate)
                return count == 0 ? 0 : AlmostSlowest();
        }
    }

    /// <exception cref="global::System.ObjectDisposedException">The controller is closed.</exception>
    public Call Begin()
    {
        lock (gate)
        {
            if (isClosed)
                throw new global::System.ObjectDisposedException(owner);
            running++;
            long now = clock();
            int measured = isMeasured ? -1 : NextToMeasure();
            if (measured >= 0)
            {
                variants[measured].Started++;
                return new Call(measured, now, CallKind.Measuring, epoch);
            }
            callsSinceProbe++;
            int probed = isMeasured ? NextToProbe(now) : -1;
            if (probed >= 0)
            {
                isProbing = true;
                return new Call(probed, now, CallKind.Probe, epoch);
            }
            return new Call(current, now, CallKind.Normal, epoch);
        }
    }

    /// <param name="call">What <see cref="Begin"/> gave.</param>
    /// <param name="succeeded">False for a call that threw: its time says nothing.</param>
    public void End(Call call, bool succeeded)
    {
        int former;
        int now;
        bool isLast;
        lock (gate)
        {
            former = current;
            long time = clock();
            if (call.Kind == CallKind.Measuring)
                EndMeasuring(call.Variant, time - call.Started, succeeded, time);
            else if (call.Kind == CallKind.Probe)
                EndProbe(call.Variant, time - call.Started, succeeded && call.Epoch == epoch, time);
            else if (succeeded && call.Epoch == epoch && isMeasured)
                EndNormal(time - call.Started, time);
            now = current;
            isLast = --running == 0 && isClosed;
        }
        if (isLast)
            released();
        if (now != former)
            moved(former, now);
    }

    /// <summary>Lets no further call begin. Those that run end as they began.</summary>
    public void Close()
    {
        bool isLast;
        lock (gate)
        {
            isLast = !isClosed && running == 0;
            isClosed = true;
        }
        if (isLast)
            released();
    }

    /// <returns>-1 when enough calls have been started on every variant.</returns>
    private int NextToMeasure()
    {
        for (int index = 0; index < variants.Length; index++)
        {
            if (variants[index].Started < UnmeasuredCalls + MeasuredCalls)
                return index;
        }
        return -1;
    }

    private void EndMeasuring(int index, long latency, bool succeeded, long now)
    {
        Variant variant = variants[index];
        if (!succeeded)
        {
            variant.Started--;
            return;
        }
        variant.Finished++;
        if (variant.Finished > UnmeasuredCalls)
            variant.Typical = variant.Typical == 0 ? AtLeastOne(latency) : global::System.Math.Min(variant.Typical, AtLeastOne(latency));
        foreach (Variant other in variants)
        {
            if (other.Finished < UnmeasuredCalls + MeasuredCalls)
                return;
        }
        isMeasured = true;
        int start = Fastest();
        for (int candidate = variants.Length - 1; candidate >= 0; candidate--)
        {
            if (variants[candidate].Typical <= budget * Room)
                start = candidate;
        }
        for (int tooSlow = 0; tooSlow < start; tooSlow++)
            Avoid(variants[tooSlow], 1, now);
        MoveTo(start, now);
    }

    private void EndNormal(long latency, long now)
    {
        latencies[next] = latency;
        next = (next + 1) % Window;
        count = global::System.Math.Min(count + 1, Window);
        Variant variant = variants[current];
        if (now - currentSince > Delay(variant))
            variant.Leaves = 0;
        if (!IsLate())
            return;
        int target = FasterVariant(now);
        if (target == current)
            return;
        variant.Leaves++;
        Avoid(variant, LoadOfSlowCalls(), now);
        MoveTo(target, now);
    }

    /// <summary>The most accurate of the faster variants that should keep the budget under the load of now; the fastest when none should.</summary>
    private int FasterVariant(long now)
    {
        // The load has just come: most of the calls that are remembered do not know of it.
        double load = LoadOfSlowCalls();
        for (int index = 0; index < variants.Length; index++)
        {
            Variant candidate = variants[index];
            if (candidate.Typical < variants[current].Typical && now >= candidate.AvoidedUntil && candidate.Typical * load <= budget * Room)
                return index;
        }
        int fastest = Fastest();
        return variants[fastest].Typical < variants[current].Typical ? fastest : current;
    }

    /// <returns>-1 when no more accurate variant is worth a try now.</returns>
    private int NextToProbe(long now)
    {
        if (isProbing || callsSinceProbe < CallsBetweenProbes || count < Window / 2 || IsLate())
            return -1;
        for (int index = 0; index < current; index++)
        {
            Variant candidate = variants[index];
            bool isCalmer = candidate.Leaves <= PatientLeaves && now >= candidate.FailedAt + probeInterval && LoadOfSlowCalls() < LowerLoad * candidate.FailedLoad;
            bool isDue = now >= candidate.AvoidedUntil || isCalmer;
            // The expectation may be wrong, so what it rules out is tried too, but rarely.
            bool isOverdue = now >= global::System.Math.Max(candidate.AvoidedUntil, currentSince) + (probeInterval << MostDoublings);
            if (isDue && (isOverdue || candidate.Passes > 0 || candidate.Typical * Load() <= budget * Room))
                return index;
        }
        return -1;
    }

    /// <param name="index">The variant that was tried.</param>
    /// <param name="latency">Of the call.</param>
    /// <param name="now">When it ended.</param>
    /// <param name="counts">False for a call that threw, and for one during which the current variant changed.</param>
    private void EndProbe(int index, long latency, bool counts, long now)
    {
        isProbing = false;
        callsSinceProbe = 0;
        Variant variant = variants[index];
        if (!counts || count == 0)
            return;
        double learned = (variant.Typical + AtLeastOne(latency) / Load()) / 2;
        if (latency > budget * Room)
        {
            // Long calls may meet a load that short ones slip through, so that a late probe makes no variant look slower than it is.
            variant.Typical = global::System.Math.Min(variant.Typical, learned);
            variant.Passes = 0;
            variant.LateProbes++;
            Avoid(variant, LoadOfSlowCalls(), now);
            return;
        }
        variant.Typical = learned;
        variant.Passes++;
        if (variant.Passes >= ProbesToMove)
            MoveTo(index, now);
    }

    private void Avoid(Variant variant, double load, long now)
    {
        variant.FailedAt = now;
        variant.FailedLoad = load;
        variant.AvoidedUntil = now + Delay(variant);
    }

    private long Delay(Variant variant) => probeInterval << global::System.Math.Min(variant.LateProbes + variant.Leaves, MostDoublings);

    private void MoveTo(int index, long now)
    {
        foreach (Variant variant in variants)
            variant.Passes = 0;
        variants[index].LateProbes = 0;
        current = index;
        currentSince = now;
        count = 0;
        next = 0;
        callsSinceProbe = 0;
        epoch++;
    }

    private bool IsLate()
    {
        int late = 0;
        for (int index = 0; index < count; index++)
            late += latencies[index] > budget ? 1 : 0;
        return late > AllowedLate;
    }

    /// <summary>How many times as long calls take now as they did when the variants were measured.</summary>
    private double Load()
    {
        return count == 0 ? 1 : AtLeastOne(Sorted()[count / 2]) / variants[current].Typical;
    }

    /// <summary>The same of the slow calls among them: other work often delays a few calls much and most not at all.</summary>
    private double LoadOfSlowCalls() => AtLeastOne(AlmostSlowest()) / variants[current].Typical;

    private long AlmostSlowest() => Sorted()[global::System.Math.Max(0, count - 1 - AllowedLate)];

    private int Fastest()
    {
        int fastest = 0;
        for (int index = 1; index < variants.Length; index++)
        {
            if (variants[index].Typical < variants[fastest].Typical)
                fastest = index;
        }
        return fastest;
    }

    private long[] Sorted()
    {
        long[] sorted = new long[count];
        global::System.Array.Copy(latencies, sorted, count);
        global::System.Array.Sort(sorted);
        return sorted;
    }

    private static double AtLeastOne(long latency) => global::System.Math.Max(1, latency);

    internal enum CallKind
    {
        Normal,
        Measuring,
        Probe,
    }

    internal struct Call
    {
        public readonly int Variant;
        public readonly long Started;
        public readonly CallKind Kind;

        /// <summary>Counts the moves before the call: what began before the last one says nothing of the current variant.</summary>
        public readonly int Epoch;

        public Call(int variant, long started, CallKind kind, int epoch)
        {
            Variant = variant;
            Started = started;
            Kind = kind;
            Epoch = epoch;
        }
    }

    private sealed class Variant
    {
        /// <summary>Calls for measuring.</summary>
        public int Started;
        public int Finished;

        /// <summary>Ticks of a call under the load of the first calls; 0 before they were measured.</summary>
        public double Typical;

        /// <summary>Probes in a row that kept the budget with room.</summary>
        public int Passes;

        /// <summary>Probes that missed the budget since it was last moved to: they tell of a load, and say nothing of it once that has gone.</summary>
        public int LateProbes;

        /// <summary>How often it was left as the current variant without having held for long since.</summary>
        public int Leaves;
        public long FailedAt;
        public double FailedLoad;
        public long AvoidedUntil;
    }
}
