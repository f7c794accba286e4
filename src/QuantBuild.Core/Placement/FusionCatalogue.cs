using QuantBuild.Onnx;

namespace QuantBuild.Placement;

/// <summary>What ONNX Runtime makes integer kernels of, measured with version 1.29 on x64, and verified on every model that is written.</summary>
/// <remarks>
/// Holds for unsigned 8-bit activations: signed ones are rewritten or left unfused on x64, and 16-bit ones never fuse. A node fuses when
/// every activation that it reads comes out of a DequantizeLinear, and every value that it gives goes through a QuantizeLinear where
/// <see cref="FusionRow.Gives"/> asks for one. Rules add what a table cannot say.
/// </remarks>
internal static class FusionCatalogue
{
    /// <summary>In alphabetical order within each group.</summary>
    public static IReadOnlyList<FusionRow> Rows { get; } =
    [
        // Sums of products. The bias is 32 bits wide with the scale input × weight; its own scale would keep the node from fusing.
        new("Conv", ["QLinearConv"], Operands.First, Constants.Weights, KernelOutput.Codes, OutputParameters.Own, 10),
        new("Gemm", ["QGemm"], Operands.First, Constants.Weights, KernelOutput.CodesOrFloats, OutputParameters.Own, 11),
        new("MatMul", ["MatMulIntegerToFloat", "QLinearMatMul", "QGemm"], Operands.All, Constants.WeightsOrCodes, KernelOutput.CodesOrFloats, OutputParameters.Own, 10),

        // Every input and output has a scale of its own. A constant must be unsigned as the activation beside it is.
        new("Add", ["QLinearAdd"], Operands.All, Constants.Codes, KernelOutput.Codes, OutputParameters.Own, 10),
        new("AveragePool", ["QLinearAveragePool"], Operands.First, Constants.None, KernelOutput.Codes, OutputParameters.Own, 10),
        new("Concat", ["QLinearConcat"], Operands.All, Constants.Codes, KernelOutput.Codes, OutputParameters.Own, 10),
        new("GlobalAveragePool", ["QLinearGlobalAveragePool"], Operands.First, Constants.None, KernelOutput.Codes, OutputParameters.Own, 10),
        new("LeakyRelu", ["QLinearLeakyRelu"], Operands.First, Constants.None, KernelOutput.Codes, OutputParameters.Own, 10),
        new("Mul", ["QLinearMul"], Operands.All, Constants.Codes, KernelOutput.Codes, OutputParameters.Own, 10),
        new("Sigmoid", ["QLinearSigmoid"], Operands.First, Constants.None, KernelOutput.Codes, OutputParameters.Own, 10),
        new("Where", ["QLinearWhere"], Operands.Branches, Constants.Codes, KernelOutput.Codes, OutputParameters.Own, 10),

        // Values are moved or chosen, never computed: the operator itself runs on codes, in and out with the same scale and zero point.
        Moving("DepthToSpace", 13),
        Moving("Expand", 10),
        Moving("Flatten", 10),
        Moving("Gather", 10),
        Moving("GatherElements", 11),
        Moving("MaxPool", 12),
        Moving("ReduceMax", 12),
        Moving("ReduceMin", 12),
        Moving("Reshape", 10),
        Moving("Resize", 11),
        Moving("Slice", 10),
        Moving("Split", 10),
        Moving("Squeeze", 10),
        Moving("Tile", 10),
        Moving("Transpose", 10),
        Moving("Unsqueeze", 10),

        // Codes order as the values do.
        new("ArgMax", ["ArgMax"], Operands.First, Constants.None, KernelOutput.Indices, OutputParameters.Own, 12),
    ];

    private static readonly Dictionary<string, FusionRow> ByOperator = Rows.ToDictionary(row => row.OpType, StringComparer.Ordinal);

    /// <returns>Null when the runtime has no integer kernel for the operator.</returns>
    public static FusionRow? Of(OnnxNode node) => node.Domain.Length == 0 ? ByOperator.GetValueOrDefault(node.OpType) : null;

    /// <summary>The row of an operator that is in the table.</summary>
    public static FusionRow Row(string opType) => ByOperator[opType];

    private static FusionRow Moving(string opType, int opset) =>
        new(opType, [opType], Operands.First, Constants.None, KernelOutput.Codes, OutputParameters.OfInput, opset);
}

/// <summary>One operator.</summary>
/// <param name="Kernels">Operators of the optimized graph of which one proves that the node runs in integers.</param>
/// <param name="Reads">The inputs that are quantized activations.</param>
/// <param name="Constants">What may stand among them in place of an activation.</param>
/// <param name="Opset">The oldest that fuses.</param>
internal sealed record FusionRow(
    string OpType,
    IReadOnlyList<string> Kernels,
    Operands Reads,
    Constants Constants,
    KernelOutput Gives,
    OutputParameters Parameters,
    int Opset);

internal enum Operands
{
    /// <summary>The first input; the others are weights, shapes or indices.</summary>
    First,

    /// <summary>The second and the third; the first is a condition.</summary>
    Branches,
    All,
}

internal enum Constants
{
    None,

    /// <summary>Signed 8-bit codes, one scale for each output channel.</summary>
    Weights,

    /// <summary>Unsigned 8-bit codes with one scale.</summary>
    Codes,

    /// <summary>Weights where the kernel prepares them when it loads the model (a matrix on the right), codes elsewhere.</summary>
    WeightsOrCodes,
}

internal enum KernelOutput
{
    /// <summary>The node fuses only with a QuantizeLinear behind it, and nothing else reads its floats.</summary>
    Codes,

    /// <summary>As <see cref="Codes"/>, or floats with no QuantizeLinear at all.</summary>
    CodesOrFloats,

    /// <summary>Whole numbers that are no activation.</summary>
    Indices,
}

internal enum OutputParameters
{
    Own,

    /// <summary>Scale and zero point of the input, bit for bit.</summary>
    OfInput,
}
