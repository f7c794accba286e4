namespace QuantBuild.Execution;

/// <summary>Batches of the calibration samples on which it is tried whether a step makes the model better. Ranges are taken from them too, but nothing is
/// fitted to their rows.</summary>
internal static class HeldOutBatches
{
    private const int Every = 8;

    /// <summary>With fewer batches none can be spared, and steps are tried on all of them.</summary>
    private const int FewestBatches = 4;

    /// <param name="index">0 to <paramref name="batches"/> − 1.</param>
    public static bool Holds(long index, long batches) => batches >= FewestBatches && (batches < Every ? index == batches - 1 : index % Every == Every - 1);

    /// <summary>Number of batches that are not held out.</summary>
    public static long OthersOf(long batches) => batches < FewestBatches ? batches : batches < Every ? batches - 1 : batches - (batches / Every);

    /// <summary>Position of a batch among those that are not held out.</summary>
    public static long PositionOf(long index, long batches) => batches < Every ? index : index - (index / Every);
}
