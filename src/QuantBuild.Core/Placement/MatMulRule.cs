using QuantBuild.Onnx;

namespace QuantBuild.Placement;

/// <summary>MatMul with constant weights or of two activations becomes MatMulIntegerToFloat or QLinearMatMul; with a constant bias behind it, QGemm.</summary>
/// <remarks>A MatMul whose Add has a float bias is merged into a Gemm that then runs in float; as an int32 constant behind a DequantizeLinear
/// the bias lets it run as QGemm. Another summand of a matrix cannot be one, and then the quantized output stands between the two.</remarks>
internal sealed class MatMulRule : IPlacementRule
{
    private static readonly string[] Kernels = ["MatMulIntegerToFloat", "QLinearMatMul", "QGemm"];

    public bool Covers(OnnxNode node) => node.Is("MatMul");

    public PlacementVerdict Judge(OnnxNode node, PlacementContext context)
    {
        OnnxTensor? left = context.Graph.InitializerOf(node.Inputs[0]);
        OnnxTensor? right = context.Graph.InitializerOf(node.Inputs[1]);
        if (left is not null)
            return PlacementVerdict.Float("its first operand is a constant");
        if (!context.Facts.IsFloat(node.Inputs[0]) || !context.Facts.IsFloat(node.Inputs[1]))
            return PlacementVerdict.Float("its inputs are not float32");
        if (context.Facts.Of(node.Inputs[0])!.Shape.Count < 2 || context.Facts.Of(node.Inputs[1])!.Shape.Count < 2)
            return PlacementVerdict.Float("it multiplies a vector");
        if (right is null)
            return AbsorbedActivation.Product(
                new PlannedNode(node, Kernels, [0, 1], null, null, [], node.Outputs[0], MergesIntoGemm(node, context)), context.Graph);
        if (right.Rank != 2)
            return PlacementVerdict.Float("its constant operand has more than two axes");

        var weight = new PlannedWeight(node.Inputs[1], 1, 1, ReductionOrder.MatrixRows);
        PlannedBias? bias = BiasBehind(node, right.Shape[1], context);
        return AbsorbedActivation.Product(
            new PlannedNode(
                node,
                Kernels,
                [0],
                weight,
                bias,
                bias is null ? [] : [bias.Reader],
                bias?.Reader.Outputs[0] ?? node.Outputs[0],
                QuantizesOutput: bias is null && MergesIntoGemm(node, context)),
            context.Graph);
    }

    /// <summary>True when the runtime takes a product of two matrices and the Add behind it for one Gemm (measured: any summand but a single
    /// number, from a vector of the columns to a whole matrix).</summary>
    private static bool MergesIntoGemm(OnnxNode node, PlacementContext context)
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
