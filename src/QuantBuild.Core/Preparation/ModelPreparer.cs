using QuantBuild.Diagnostics;
using QuantBuild.Onnx;

namespace QuantBuild.Preparation;

/// <summary>Stage 3: brings a model into the one form that the later stages know.</summary>
internal static class ModelPreparer
{
    /// <summary>Prepares a copy; <paramref name="model"/> itself stays as it was read.</summary>
    /// <exception cref="QuantBuildException">QB3001 or QB3002.</exception>
    public static PreparedModel Prepare(OnnxModel model, DiagnosticOrigin origin)
    {
        IGraphPass[] passes =
        [
            new InlineFunctions(),
            new NameBodiesApart(),
            new FreezeDefaultInputs(),
            new LiftConstantNodes(),
            new InlineDecidedIf(),
            new RemovePassThroughNodes(),
            new MoveConstantsIntoBodies(),
            new RaiseOpset(origin),
            new FoldConstants(),
            new FoldConstantArrangement(),
            new FoldScalarArithmetic(),
            new SimplifyReshapeTargets(),
            new MinMaxToClip(),
            new RecognizeHardSigmoid(),
            new ExpandMish(),
            new ExpandLayerNormalization(),
            new FoldGemmFactors(),
            new FoldScaleAndShiftIntoWeights(),
            new FoldHardSigmoidIntoWeights(),
            new FoldScaleAndShiftIntoNextConv(),
            new ScaleAndShiftToConv(),
            new ReduceMeanToGlobalAveragePool(),
            new MergeEqualInitializers(),
            new MergeEqualNodes(),
            new RemoveDeadNodes(),
        ];
        OnnxModel prepared = model.Clone();
        return new PreparedModel(prepared, PassRunner.Run(prepared, passes, origin));
    }
}

/// <summary>A float model without Constant nodes, pass-through nodes and foldable normalizations, of opset 13 or newer.</summary>
/// <param name="Passes">What each pass did and where it declined, in the order of running.</param>
internal sealed record PreparedModel(OnnxModel Model, IReadOnlyList<PassOutcome> Passes);
