namespace QuantBuild.Testing;

/// <summary>Asserts that what is held in memory does not grow with the amount of work.</summary>
internal static class BoundedMemory
{
    /// <summary>The runtime's own bookkeeping (thread-local allocation contexts of 8 KiB, late-compiled methods) moves the figure by less.</summary>
    public const long NoiseBytes = 256 * 1024;

    /// <summary>Runs the work small and large and compares the managed bytes that each allocates in total. Total is stricter than peak:
    /// work that allocates nothing for each item cannot hold anything for each item.</summary>
    /// <param name="run">The work, given the number of items.</param>
    /// <exception cref="InvalidOperationException">The large run allocates more than the small one.</exception>
    public static void AssertAllocationsDoNotGrow(int smallCount, int largeCount, Action<int> run)
    {
        run(smallCount);
        long small = Allocated(() => run(smallCount));
        long large = Allocated(() => run(largeCount));
        if (large > small + NoiseBytes)
            throw new InvalidOperationException($"{smallCount} items allocate {small} bytes, {largeCount} allocate {large}.");
    }

    /// <summary>Runs the work small and large and compares the largest live heap seen at the work's own sampling points.</summary>
    /// <param name="run">The work, given the number of items and a probe that it calls at each item; ten of the calls, spread evenly,
    /// collect garbage and read the size of the heap.</param>
    /// <exception cref="InvalidOperationException">The large run holds more than the small one.</exception>
    public static void AssertPeakDoesNotGrow(int smallCount, int largeCount, Action<int, Action> run)
    {
        Peak(smallCount, run);
        long small = Peak(smallCount, run);
        long large = Peak(largeCount, run);
        if (large > small + NoiseBytes)
            throw new InvalidOperationException($"{smallCount} items hold {small} bytes, {largeCount} hold {large}.");
    }

    private static long Allocated(Action run)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        run();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static long Peak(int count, Action<int, Action> run)
    {
        long start = GC.GetTotalMemory(forceFullCollection: true);
        long peak = 0;
        int calls = 0;
        int interval = Math.Max(1, count / 10);
        run(count, () =>
        {
            if (++calls % interval == 0)
                peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true) - start);
        });
        return peak;
    }
}
