using QuantBuild.Onnx;

namespace QuantBuild.Placement;

/// <summary>Operators that have an integer kernel with scales of their own for every input and output: additions of branches, gates,
/// concatenations, averages, activation functions.</summary>
internal sealed class ElementwiseRule : IPlacementRule
{
    public bool Covers(OnnxNode node) =>
        FusionCatalogue.Of(node) is { Parameters: OutputParameters.Own, Gives: KernelOutput.Codes, Constants: not Constants.Weights };

    public PlacementVerdict Judge(OnnxNode node, PlacementContext context)
    {
        FusionRow row = FusionCatalogue.Of(node)!;
        int[] operands = row.Reads switch
        {
            Operands.First => [0],
            Operands.Branches => [1, 2],
            _ => [.. Enumerable.Range(0, node.Inputs.Count)],
        };
        if (!operands.All(operand => context.Facts.IsFloat(node.Inputs[operand])))
            return PlacementVerdict.Float("its inputs are not float32");
        PlannedConstant[] constants =
        [
            .. operands.Select(operand => (operand, tensor: ConstantOperand.Of(node.Inputs[operand], context.Graph)))
                .Where(pair => pair.tensor is not null)
                .Select(pair => new PlannedConstant(node.Inputs[pair.operand], pair.operand, pair.tensor!)),
        ];
        if (constants.Length == operands.Length)
            return PlacementVerdict.Float("all of its inputs are constants");
        if (constants.Select(constant => ConstantOperand.WhyNot(node, constant.Tensor)).FirstOrDefault(reason => reason is not null) is { } unfit)
            return PlacementVerdict.Float(unfit);
        if (ResidualStream.IsCarriedBy(node, context.Graph))
            return PlacementVerdict.Float("it carries the residual stream, which a normalization reads in float");

        OnnxNode? activation = AbsorbedActivation.Behind(node.Outputs[0], context.Graph);
        return PlacementVerdict.Follower(
            new PlannedNode(
                node,
                row.Kernels,
                [.. operands.Except(constants.Select(constant => constant.InputIndex))],
                null,
                null,
                activation is null ? [] : [activation],
                activation?.Outputs[0] ?? node.Outputs[0],
                QuantizesOutput: true)
            {
                Constants = constants,
            },
            tied: null);
    }
}
