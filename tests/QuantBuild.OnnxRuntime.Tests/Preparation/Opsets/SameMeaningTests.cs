using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Preparation.Opsets;

/// <summary>Operators that got a new version between opset 7 and 13, have no converter, and give the same bits in the oldest version that
/// is named here as in that of the target. A Squeeze behind each gives the opset converters something to do.</summary>
[TestClass]
public sealed class SameMeaningTests
{
    /// <summary>Operator and oldest opset; from <c>x</c> [1,4,6,7] to <c>a</c>, floats.</summary>
    private static readonly Dictionary<(string Name, int Opset), Func<ModelBuilder, ModelBuilder>> Models = new()
    {
        // Elementwise
        [("Sum, Mean, Max, Min", 8)] = model => model.Weights("b", 7).Node("Sum", "x b", "s").Node("Mean", "s x b", "m")
            .Node("Max", "m b x", "n")
            .Node("Min", "n s", "a"),
        [("Max of one", 7)] = model => model.Node("Max", "x", "a"),
        [("Pow", 7)] = model => model.Floats("two", [1], 2).Node("Pow", "x two", "a"),
        [("Mod of floats", 10)] = model => model.Floats("three", [1], 3).Node("Mod", "x three", "a", ("fmod", 1)),
        [("Elu, Selu, Softplus", 7)] = model => model.Node("Elu", "x", "e", ("alpha", 0.5f)).Node("Selu", "e", "s")
            .Node("Softplus", "s", "a"),
        [("HardSigmoid, LeakyRelu", 7)] = model => model.Node("LeakyRelu", "x", "l").Node("HardSigmoid", "l", "a", ("alpha", 0.3f)),
        [("ThresholdedRelu", 7)] = model => model.Node("ThresholdedRelu", "x", "a", ("alpha", 0.7f)),
        [("PRelu of one slope", 7)] = model => model.Floats("slope", [1], 0.3f).Node("PRelu", "x slope", "a"),
        [("Celu", 12)] = model => model.Node("Celu", "x", "a", ("alpha", 0.5f)),
        [("Round, Clip", 11)] = model => model.Floats("six", [], 6).Node("Round", "x", "r").Node("Clip", "r - six", "a"),
        [("Equal, Greater, Less", 7)] = model => model.Weights("b", 7).Node("Greater", "x b", "g").Node("Less", "b x", "l")
            .Node("Equal", "g l", "e")
            .Node("Cast", "e", "a", ("to", (int)OnnxElementType.Float)),
        [("Cast", 7)] = model => model.Node("Cast", "x", "i", ("to", (int)OnnxElementType.Int32))
            .Node("Cast", "i", "a", ("to", (int)OnnxElementType.Float)),
        [("Where", 9)] = model => model.Weights("b", 7).Node("Greater", "x b", "g").Node("Where", "g x b", "a"),

        // Along axes
        [("ReduceMax, ReduceMin", 7)] = model => model.Node("ReduceMax", "x", "m", ("axes", new[] { 1 }))
            .Node("ReduceMin", "m", "a", ("keepdims", 0)),
        [("ReduceMean of the last axes", 11)] = model => model.Node("ReduceMean", "x", "a", ("axes", new[] { -1, -2 })),
        [("ReduceProd, ReduceL1", 7)] = model => model.Node("ReduceProd", "x", "p", ("axes", new[] { 3 })).Node("ReduceL1", "p", "a"),
        [("ReduceSumSquare, ReduceLogSum", 7)] = model => model.Node("ReduceSumSquare", "x", "s", ("axes", new[] { 3 }))
            .Node("ReduceLogSum", "s", "a"),
        [("ReduceLogSumExp", 7)] = model => model.Node("ReduceLogSumExp", "x", "a", ("axes", new[] { 1, 2 }), ("keepdims", 0)),
        [("ArgMax of equal values", 7)] = model => Equals(model).Node("ArgMax", "f", "i", ("axis", 1))
            .Node("Cast", "i", "a", ("to", (int)OnnxElementType.Float)),
        [("ArgMin of equal values", 11)] = model => Equals(model).Node("ArgMin", "f", "i", ("axis", -1))
            .Node("Cast", "i", "a", ("to", (int)OnnxElementType.Float)),
        [("CumSum", 11)] = model => model.Int64s("axis", 2).Node("CumSum", "x axis", "a", ("exclusive", 1), ("reverse", 1)),
        [("LpNormalization, InstanceNormalization", 7)] = model => model.Weights("s", 4).Weights("b", 4)
            .Node("LpNormalization", "x", "l", ("axis", 1))
            .Node("InstanceNormalization", "l s b", "a"),
        [("MeanVarianceNormalization of axes", 9)] = model => model.Node("MeanVarianceNormalization", "x", "a",
            ("axes", new[] { 0, 2, 3 })),

        // Windows
        [("Conv with automatic padding", 7)] = model => model.Weights("w", 4, 1, 3, 2)
            .Node("Conv", "x w", "a", ("auto_pad", "SAME_LOWER"), ("group", 4)),
        [("MaxPool, dilated and rounded up", 10)] = model => model.Node("MaxPool", "x", "a", ("kernel_shape", new[] { 2, 2 }),
            ("strides", new[] { 2, 3 }),
            ("dilations", new[] { 2, 1 }), ("ceil_mode", 1)),
        [("MaxPool with indices, MaxUnpool", 9)] = model => model.Node("MaxPool", "x", "m i", ("kernel_shape", new[] { 2, 1 }),
            ("strides", new[] { 2, 1 }))
            .Node("MaxUnpool", "m i", "a", ("kernel_shape", new[] { 2, 1 }), ("strides", new[] { 2, 1 })),
        [("AveragePool that counts its padding", 7)] = model => model.Node("AveragePool", "x", "a", ("kernel_shape", new[] { 3, 3 }),
            ("pads", new[] { 1, 1, 1, 1 }), ("strides", new[] { 2, 2 }), ("count_include_pad", 1)),
        [("AveragePool, rounded up", 10)] = model => model.Node("AveragePool", "x", "a", ("kernel_shape", new[] { 3, 3 }),
            ("strides", new[] { 2, 2 }), ("ceil_mode", 1)),
        [("LpPool, GlobalLpPool", 7)] = model => model.Node("LpPool", "x", "l", ("kernel_shape", new[] { 2, 2 }), ("p", 3))
            .Node("GlobalLpPool", "l", "a"),
        [("MaxRoiPool", 7)] = model => model.Floats("roi", [1, 5], 0, 0, 0, 4, 4)
            .Node("MaxRoiPool", "x roi", "a", ("pooled_shape", new[] { 2, 2 })),
        [("RoiAlign", 10)] = model => model.Floats("roi", [1, 4], 0.4f, 0.3f, 4.2f, 4.7f).Int64s("batch", 0)
            .Node("RoiAlign", "x roi batch", "a", ("output_height", 2), ("output_width", 3), ("sampling_ratio", 2)),
        [("Resize by sizes", 11)] = model => model.Floats("none", [0]).Int64s("sizes", 1, 4, 9, 4)
            .Node("Resize", "x none none sizes", "a", ("mode", "linear"), ("coordinate_transformation_mode", "pytorch_half_pixel")),
        [("Resize as TensorFlow 1 has it", 11)] = model => model.Floats("none", [0]).Floats("scales", [4], 1, 1, 1.7f, 2)
            .Node("Resize", "x none scales", "a", ("coordinate_transformation_mode", "tf_half_pixel_for_nn"), ("nearest_mode", "floor")),
        [("Resize, cubic", 11)] = model => model.Floats("none", [0]).Floats("scales", [4], 1, 1, 1.7f, 2)
            .Node("Resize", "x none scales", "a", ("mode", "cubic"), ("cubic_coeff_a", -0.5f), ("exclude_outside", 1),
            ("coordinate_transformation_mode", "align_corners")),
        [("Resize of a region", 11)] = model => model.Floats("roi", [8], 0, 0, 0.1f, 0.2f, 1, 1, 0.8f, 1.2f)
            .Floats("scales", [4], 1, 1, 1.7f, 2)
            .Node("Resize", "x roi scales", "a", ("mode", "linear"), ("coordinate_transformation_mode", "tf_crop_and_resize"),
            ("extrapolation_value", 3f)),
        [("SpaceToDepth, DepthToSpace", 11)] = model => model.Node("DepthToSpace", "x", "d", ("blocksize", 2), ("mode", "CRD"))
            .Node("SpaceToDepth", "d", "a", ("blocksize", 2)),

        // Matrices and recurrent nets
        [("Gemm with a bias that is broadcast", 7)] = model => model.Weights("w", 5, 168).Weights("c", 1, 5).Node("Flatten", "x", "f")
            .Node("Gemm", "f w c", "a", ("transB", 1), ("alpha", 0.5f), ("beta", 2f)),
        [("Gemm without bias", 11)] = model => model.Weights("w", 168, 5).Node("Flatten", "x", "f").Node("Gemm", "f w", "a"),
        [("GRU of both directions", 7)] = model => Sequence(model).Weights("w", 2, 12, 28).Weights("r", 2, 12, 4).Weights("b", 2, 24)
            .Node("GRU", "f w r b", "a h", ("hidden_size", 4), ("direction", "bidirectional"), ("linear_before_reset", 1)),
        [("RNN backwards", 7)] = model => Sequence(model).Weights("w", 1, 4, 28).Weights("r", 1, 4, 4).Weights("b", 1, 8)
            .Node("RNN", "f w r b", "a h", ("hidden_size", 4), ("direction", "reverse"), ("activations", new[] { "Relu" }), ("clip", 2f)),
        [("LSTM with peepholes", 7)] = model => Sequence(model).Weights("w", 1, 16, 28).Weights("r", 1, 16, 4).Weights("b", 1, 32)
            .Weights("p", 1, 12)
            .Node("LSTM", "f w r b - - - p", "a h c", ("hidden_size", 4)),
        [("Einsum", 12)] = model => model.Weights("w", 7, 5).Node("Einsum", "x w", "a", ("equation", "nchw,wk->nhk")),

        // Moved and chosen
        [("Gather from the end", 11)] = model => model.Int64s("i", -1, 0).Node("Gather", "x i", "a", ("axis", -2)),
        [("GatherND, ScatterND", 11)] = model => model
            .Initializer("i", OnnxTensor.Create<long>(OnnxElementType.Int64, [2, 2], [0L, 1, 0, 3])).Weights("u", 2, 6, 7)
            .Node("ScatterND", "x i u", "s").Node("GatherND", "s i", "a"),
        [("GatherElements, ScatterElements", 11)] = model => model
            .Initializer("i", OnnxTensor.Create<long>(OnnxElementType.Int64, [1, 1, 1, 2], [0L, -1]))
            .Weights("u", 1, 1, 1, 2).Node("ScatterElements", "x i u", "s", ("axis", 3)).Node("GatherElements", "s i", "a", ("axis", -1)),
        [("Compress, Expand, Tile", 9)] = model => model
            .Initializer("which", OnnxTensor.Create(OnnxElementType.Bool, [4], [true, false, true, true]))
            .Int64s("shape", 2, 1, 1, 1).Node("Compress", "x which", "c", ("axis", 1)).Node("Expand", "c shape", "e")
            .Int64s("times", 1, 2, 1, 1).Node("Tile", "e times", "a"),
        [("Concat, Flatten, Transpose", 7)] = model => model.Node("Transpose", "x", "t").Node("Transpose", "t", "u")
            .Node("Concat", "x u", "c", ("axis", 3)).Node("Flatten", "c", "a", ("axis", 0)),
        [("Reshape, Size, Shape", 7)] = model => model.Int64s("shape", 0, -1).Node("Reshape", "x shape", "r").Node("Shape", "r", "s")
            .Node("Cast", "s", "a", ("to", (int)OnnxElementType.Float)),
        [("NonZero, EyeLike", 9)] = model => model.Node("Flatten", "x", "f", ("axis", 3)).Node("EyeLike", "f", "e", ("k", 1))
            .Node("NonZero", "e", "n")
            .Node("Cast", "n", "a", ("to", (int)OnnxElementType.Float)),
        [("ConstantOfShape", 9)] = model => model.Node("Shape", "x", "s")
            .Node("ConstantOfShape", "s", "a", ("value", OnnxTensor.Float([1], [2.5f]))),
        [("Range", 11)] = model => model.Floats("from", [], 1).Floats("to", [], 9).Floats("by", [], 1.5f).Node("Range", "from to by", "r")
            .Node("ReduceMax", "x", "m", ("keepdims", 0)).Node("Mul", "r m", "a"),
        [("ReverseSequence, Unique", 11)] = model => model.Int64s("lengths", 3, 1, 4, 2, 5, 6).Node("Flatten", "x", "f", ("axis", 3))
            .Node("Unique", "f", "u", ("axis", 0))
            .Node("Transpose", "f", "t").Int64s("all", 6, 3, 1, 2, 5, 4, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6)
            .Node("ReverseSequence", "t all", "v").Node("Transpose", "u", "w")
            .Node("Add", "v w", "a"),
        [("TopK, smallest first", 11)] = model => Equals(model).Int64s("k", 3).Node("TopK", "f k", "v i", ("largest", 0), ("axis", 1))
            .Node("Cast", "i", "j", ("to", (int)OnnxElementType.Float)).Node("Add", "v j", "a"),
        [("Sequences", 11)] = model => model.Initializer("at", OnnxTensor.Create(OnnxElementType.Int64, [], [-1L]))
            .Node("SplitToSequence", "x", "s", ("axis", 1)).Node("SequenceAt", "s at", "l")
            .Node("ConcatFromSequence", "s", "c", ("axis", 3)).Node("Concat", "l c", "a", ("axis", 3)),

        // Control flow
        [("Loop", 7)] = model => model.Initializer("n", OnnxTensor.Create(OnnxElementType.Int64, [], [3L]))
            .Node("Loop", "n - x", "v a", ("body", new GraphBuilder()
            .Input("i", "", OnnxElementType.Int64).Input("go", "", OnnxElementType.Bool).Input("v", null).Node("Exp", "v", "e")
            .Node("Neg", "e", "w").Node("Identity", "go", "on")
            .Node("Abs", "w", "each").Output("on", "", OnnxElementType.Bool).Output("w").Output("each"))),
        [("Scan along an axis, backwards", 9)] = model => model.Floats("zero", [1, 4, 7], new float[28])
            .Node("Scan", "zero x", "s a", ("num_scan_inputs", 1), ("scan_input_axes", new[] { 2 }),
            ("scan_input_directions", new[] { 1 }), ("body", new GraphBuilder().Input("sum", "1,4,7").Input("row", "1,4,7")
                .Node("Add", "sum row", "next").Node("Neg", "next", "each")
            .Output("next", "1,4,7").Output("each", "1,4,7"))),
    };

    public static IEnumerable<object[]> Names => Models.Keys.Select(key => new object[] { key.Name, key.Opset });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Raise_Operator_SameBits(string name, int opset)
    {
        ModelBuilder model = new ModelBuilder(opset).Input("x", "1,4,6,7");

        Oracle.AssertRaises(Models[(name, opset)](model).Node("Unsqueeze", "a", "y", ("axes", new[] { 0 }))
            .Output("y"), SeededValues.FloatInput("x", 1, 4, 6, 7));
    }

    /// <summary>f [6, 28]: few different values, so that many are equal.</summary>
    private static ModelBuilder Equals(ModelBuilder model) => model.Int64s("rows", 6, 28).Node("Reshape", "x rows", "flat")
        .Node("Ceil", "flat", "f");

    /// <summary>f: six steps of one sequence of 28 values.</summary>
    private static ModelBuilder Sequence(ModelBuilder model) => model.Int64s("steps", 6, 1, 28).Node("Reshape", "x steps", "f");
}
