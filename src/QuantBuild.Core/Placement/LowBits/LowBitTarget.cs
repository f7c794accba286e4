using QuantBuild.Onnx;

namespace QuantBuild.Placement.LowBits;

/// <summary>A float constant that is to be stored in few bits.</summary>
/// <param name="Key">The constant.</param>
/// <param name="Matrix">How it is seen.</param>
/// <param name="Axes">What is a channel.</param>
/// <param name="Bits">1 to 8.</param>
/// <param name="BlockColumns">1 to the columns of the matrix: columns that share a scale.</param>
/// <param name="Reader">The Conv, Gemm or MatMul that multiplies what it reads with the constant, with its bias; null when there is none, or several.</param>
/// <param name="IsInteger">True when the reader computes in 8-bit integers.</param>
internal sealed record LowBitTarget(
    ConstantKey Key, WeightMatrix Matrix, ChannelAxes Axes, int Bits, int BlockColumns, PlannedNode? Reader, bool IsInteger)
{
    /// <summary>That the reader stands in, which may be a body in the graph that stores the constant; null without reader.</summary>
    public OnnxGraph? ReaderGraph { get; init; }

    public string Name => Key.Name;

    public OnnxTensor Tensor => Key.Graph.InitializerOf(Key.Name)!.InMemory();
}

/// <summary>The constants that are stored in few bits, in the order of the graphs.</summary>
internal sealed record LowBitPlan(IReadOnlyList<LowBitTarget> Targets)
{
    public static LowBitPlan Nothing { get; } = new([]);

    /// <summary>Those that integer kernels read, by the name of the constant.</summary>
    public IReadOnlyDictionary<string, LowBitTarget> Integers { get; } =
        Targets.Where(target => target.IsInteger).ToDictionary(target => target.Name, StringComparer.Ordinal);
}
