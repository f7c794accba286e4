using QuantBuild.Onnx;

namespace QuantBuild.Placement;

/// <summary>MatMul with constant weights or of two activations becomes MatMulIntegerToFloat or QLinearMatMul; with a constant bias behind it, QGemm.</summary>
/// <remarks>
/// A MatMul whose Add has a float bias is merged into a Gemm that then runs in float; as an int32 constant behind a DequantizeLinear
/// the bias lets it run as QGemm. Only a matrix on the right has a scale for each column: a constant on the left and a stack of
/// matrices are read as activations are, and no sum of unsigned codes saturates. Any other Add directly behind two matrices would be merged
/// into a float Gemm as well; a quantized output keeps them apart.
/// </remarks>
internal sealed class MatMulRule : IPlacementRule
{
    private static readonly FusionRow Row = FusionCatalogue.Row("MatMul");

    public bool Covers(OnnxNode node) => node.Is("MatMul");

    public PlacementVerdict Judge(OnnxNode node, PlacementContext context)
    {
        if (!context.Facts.IsFloat(node.Inputs[0]) || !context.Facts.IsFloat(node.Inputs[1]))
            return PlacementVerdict.Float("its inputs are not float32");
        bool leftIsConstant = context.Graph.IsInitializer(node.Inputs[0]);
        OnnxTensor? right = context.Graph.InitializerOf(node.Inputs[1]);
        if (leftIsConstant)
            return right is null ? Product(node, context, [1], constant: 0) : PlacementVerdict.Float("both of its operands are constants");
        if (right is null)
            return Product(node, context, [0, 1], constant: null);
        if (right.Rank > 2)
            return Product(node, context, [0], constant: 1);

        PlannedWeight weight = right.Rank == 2
            ? new PlannedWeight(node.Inputs[1], 1, 1, ReductionOrder.MatrixRows)
            : new PlannedWeight(node.Inputs[1], 1, null, ReductionOrder.MatrixColumns);
        PlannedBias? bias = right.Rank == 2 ? BiasBehind(node, right.Shape[1], context) : null;
        return AbsorbedActivation.Product(
            new PlannedNode(
                node,
                Row.Kernels,
                [0],
                weight,
                bias,
                bias is null ? [] : [bias.Reader],
                bias?.Reader.Outputs[0] ?? node.Outputs[0],
                QuantizesOutput: bias is null && MergesWithAdd(node, context)),
            context.Graph);
    }

    private static PlacementVerdict Product(OnnxNode node, PlacementContext context, int[] activations, int? constant) =>
        AbsorbedActivation.Product(
            new PlannedNode(node, Row.Kernels, activations, null, null, [], node.Outputs[0], QuantizesOutput: MergesWithAdd(node, context))
            {
                Constants = constant is { } operand ? [new PlannedConstant(node.Inputs[operand], operand, context.Graph.InitializerOf(node.Inputs[operand])!)] : [],
            },
            context.Graph);

    /// <summary>True when the runtime takes a product of two matrices and the Add behind it for one Gemm (measured: any summand but a single
    /// number, from a vector of the columns to a whole matrix).</summary>
    private static bool MergesWithAdd(OnnxNode node, PlacementContext context)
    {
        string product = node.Outputs[0];
        return !context.Graph.IsOutput(product) && context.Graph.ConsumersOf(product) is [var add] && add.Is("Add")
            && node.Inputs.All(input => context.Facts.Of(input) is { Shape.Count: 2 })
            && context.Facts.Of(add.Inputs[add.Inputs[0] == product ? 1 : 0]) is { Shape.Count: 1 or 2, Length: > 1 };
    }

    private static PlannedBias? BiasBehind(OnnxNode node, long channels, PlacementContext context)
    {
        string product = node.Outputs[0];
        if (context.Graph.IsOutput(product) || context.Graph.ConsumersOf(product) is not [var add] || !add.Is("Add"))
            return null;
        int biasInput = add.Inputs[0] == product ? 1 : 0;
        return BiasShape.Fits(context.Graph.InitializerOf(add.Inputs[biasInput]), channels)
            && context.Facts.Of(product) is { } before && context.Facts.Of(add.Outputs[0]) is { } after && before.Shape.SequenceEqual(after.Shape)
            ? new PlannedBias(add.Inputs[biasInput], add, biasInput)
            : null;
    }
}
