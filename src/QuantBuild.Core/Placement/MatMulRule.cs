using QuantBuild.Onnx;

namespace QuantBuild.Placement;

/// <summary>MatMul with constant weights or of two activations becomes MatMulIntegerToFloat or QLinearMatMul; with a constant bias behind it, QGemm.</summary>
/// <remarks>
/// A MatMul whose Add has a float bias is merged into a Gemm that then runs in float; as an int32 constant behind a DequantizeLinear
/// the bias lets it run as QGemm. Only a matrix on the right has a scale for each column: a constant on the left and a stack of
/// matrices are read as activations are, and no sum of unsigned codes saturates. Most other Adds directly behind a product would be merged
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

    /// <summary>True when the runtime may take a product and the Add behind it for one Gemm (measured): a matrix on the right, and a summand
    /// for each column, each row of a matrix, or each of both. Sizes are those of one sample: equal there, they may be equal everywhere.</summary>
    private static bool MergesWithAdd(OnnxNode node, PlacementContext context)
    {
        string product = node.Outputs[0];
        if (context.Graph.IsOutput(product) || context.Graph.ConsumersOf(product) is not [var add] || !add.Is("Add")
            || context.Facts.Of(node.Inputs[1])?.Shape is not [_, var columns])
            return false;
        return context.Facts.Of(add.Inputs[add.Inputs[0] == product ? 1 : 0])?.Shape switch
        {
            [var length] => length == columns,
            [var height, var width] => context.Facts.Of(node.Inputs[0])?.Shape is [var rows, _]
                && ((height == 1 && width == columns) || (height == rows && (width == 1 || width == columns))),
            _ => false,
        };
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
