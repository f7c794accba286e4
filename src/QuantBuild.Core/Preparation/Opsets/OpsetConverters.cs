namespace QuantBuild.Preparation.Opsets;

/// <summary>
/// Every standard operator whose form or meaning changed between opset 7 and 13. All others only took on more types, more
/// attributes with the old meaning as default, or negative axes (the changelog of ONNX's operators, versions 8 to 13).
/// </summary>
/// <remarks>
/// Two texts changed where ONNX Runtime computes the same for all versions, so that nothing is to be converted: OneHot (11 wraps
/// negative indices) and ConvTranspose (11 puts the odd element of automatic padding on the other side).
/// </remarks>
internal static class OpsetConverters
{
    private const string Experimental = "it was an experimental operator, withdrawn in opset 10";

    public static IReadOnlyList<IOpsetConverter> All { get; } =
    [
        new BatchNormalizationToSpatial(),
        new UpsampleScalesToInput(),
        new WithoutSuccessor("Scan", 9, "Scan lost its batch axis in opset 9"),

        new UpsampleToResize(),
        new SliceRangesToInputs(),
        new TopKCountToInput(),
        new DropoutMaskToBool(),
        new WithoutSuccessor("ATen", 10, Experimental),
        new WithoutSuccessor("Affine", 10, Experimental),
        new WithoutSuccessor("Crop", 10, Experimental),
        new WithoutSuccessor("DynamicSlice", 10, Experimental),
        new WithoutSuccessor("GRUUnit", 10, Experimental),
        new WithoutSuccessor("GivenTensorFill", 10, Experimental),
        new WithoutSuccessor("ImageScaler", 10, Experimental),
        new WithoutSuccessor("ParametricSoftplus", 10, Experimental),
        new WithoutSuccessor("Scale", 10, Experimental),
        new WithoutSuccessor("ScaledTanh", 10, Experimental),

        new ClipBoundsToInputs(),
        new PadsToInput(),
        new ResizeCoordinatesToAttributes(),
        new ScatterToScatterElements(),

        new DropoutRatioToInput(),

        new AxesToInput("Squeeze"),
        new AxesToInput("Unsqueeze"),
        new AxesToInput("ReduceSum"),
        new SplitSizesToInput(),
        new SoftmaxToSingleAxis("Softmax"),
        new SoftmaxToSingleAxis("LogSoftmax"),
        new SoftmaxToSingleAxis("Hardmax"),
    ];
}
