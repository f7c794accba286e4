using QuantBuild.Onnx;
using QuantBuild.Preparation;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Preparation;

/// <summary>Passes that must not change a single bit.</summary>
[TestClass]
public sealed class ExactPassesTests
{
    [TestMethod]
    public void LiftConstantNodes_EveryForm_SameBits()
    {
        ModelBuilder model = new ModelBuilder().Input("x", "2")
            .Node("Constant", "", "a", ("value", OnnxTensor.Float([2], [1, 2]))).Node("Constant", "", "b", ("value_float", 3f))
            .Node("Constant", "", "c", ("value_floats", new[] { 4f, 5f })).Node("Constant", "", "d", ("value_int", 0))
            .Node("Constant", "", "e", ("value_ints", new[] { 1, 2 }))
            .Node("Sum", "x a b c", "s").Node("Gather", "s d", "g").Node("Expand", "g e", "y").Output("y");

        OnnxModel lifted = Oracle.AssertSameBits(model, new LiftConstantNodes(), SeededValues.FloatInput("x", 2));

        Assert.AreEqual(3, lifted.Graph.Nodes.Count);
    }

    [TestMethod]
    public void LiftConstantNodes_OutputOfABranch_SameBits()
    {
        ModelBuilder model = new ModelBuilder().Input("c", "", OnnxElementType.Bool)
            .Node("If", "c", "y",
                ("then_branch", new GraphBuilder().Node("Constant", "", "a", ("value_floats", new[] { 1f, 2f })).Output("a")),
                ("else_branch", new GraphBuilder().Node("Constant", "", "b", ("value_floats", new[] { 3f })).Output("b")))
            .Output("y");

        Oracle.AssertSameBits(model, new LiftConstantNodes(), new Execution.InputTensor("c", OnnxElementType.Bool, [], new byte[] { 0 }));
    }

    [TestMethod]
    public void RemovePassThroughNodes_OutputsKeepNames_SameBits()
    {
        ModelBuilder model = new ModelBuilder().Input("x", "n,3").Node("Relu", "x", "r").Node("Identity", "r", "i")
            .Node("Dropout", "i", "d")
            .Node("Cast", "d", "y", ("to", (int)OnnxElementType.Float)).Output("y");

        OnnxModel after = Oracle.AssertSameBits(model, new RemovePassThroughNodes(), SeededValues.FloatInput("x", 2, 3));

        Assert.AreEqual("Relu", after.Graph.Nodes.Single().OpType);
    }

    [TestMethod]
    public void FoldConstants_ShapesBehindConvolutions_SameBits()
    {
        // What PyTorch writes for x.view(n, -1, h * w): the batch stays open, the rest is known.
        ModelBuilder model = new ModelBuilder().Input("x", "n,3,9,8").Weights("w", 4, 3, 3, 3)
            .Node("Conv", "x w", "c", ("strides", new[] { 2, 2 }), ("pads", new[] { 1, 0, 1, 0 }))
            .Node("MaxPool", "c", "p", ("kernel_shape", new[] { 2, 2 }))
            .Node("Shape", "p", "s").Int64s("zero", 0).Int64s("two", 2).Int64s("three", 3).Int64s("rest", -1)
            .Node("Gather", "s zero", "n").Node("Gather", "s two", "height").Node("Gather", "s three", "width")
            .Node("Mul", "height width", "area").Node("Concat", "n rest area", "target", ("axis", 0)).Node("Reshape", "p target", "y")
                .Output("y");

        OnnxModel folded = Oracle.AssertSameBits(model, new FoldConstants(), SeededValues.FloatInput("x", 2, 3, 9, 8));

        CollectionAssert.AreEqual(new[] { 8L }, folded.Graph.InitializerOf("area")!.ToInt64Array());
    }

    [TestMethod]
    [DataRow("MaxPool", "VALID", 3, 2)]
    [DataRow("AveragePool", "SAME_UPPER", 3, 2)]
    [DataRow("MaxPool", "SAME_LOWER", 2, 3)]
    [DataRow("AveragePool", "NOTSET", 3, 3)]
    public void FoldConstants_ShapeBehindPool_IsTheRuntimes(string opType, string padding, int kernel, int stride)
    {
        ModelBuilder model = new ModelBuilder().Input("x", "1,2,11,8")
            .Node(opType, "x", "p", ("kernel_shape", new[] { kernel, kernel }), ("strides", new[] { stride, stride }),
                ("auto_pad", padding))
            .Node("Shape", "p", "s").Node("Identity", "s", "y").Output("y", null, OnnxElementType.Int64);

        Oracle.AssertSameBits(model, new FoldConstants(), SeededValues.FloatInput("x", 1, 2, 11, 8));
    }

    [TestMethod]
    public void FoldConstants_IntegerArithmetic_IsTheRuntimes()
    {
        ModelBuilder model = new ModelBuilder().Input("x", "n").Int64s("a", 7, -7, 9, -9).Int64s("b", 2, 2, -4, -4).Int64s("one", 1)
            .Int64s("end", -1)
            .Node("Div", "a b", "div").Node("Mul", "div a", "mul").Node("Sub", "mul b", "sub").Node("Neg", "sub", "neg")
            .Node("Slice", "neg one end", "slice").Node("Equal", "a b", "equal").Node("Where", "equal a b", "where")
            .Node("Min", "where neg", "min").Node("Concat", "slice min", "all", ("axis", 0))
            .Node("Identity", "all", "y").Output("y", null, OnnxElementType.Int64);

        Oracle.AssertSameBits(model, new FoldConstants(), SeededValues.FloatInput("x", 1));
    }

    [TestMethod]
    public void FoldConstants_SlicesBackwards_IsTheRuntimes()
    {
        // Pads as PyTorch orders them: the last axis first, turned round for ONNX.
        ModelBuilder model = new ModelBuilder().Input("x", "n").Int64s("v", 1, 2, 3, 4, 5).Int64s("first", 0).Int64s("last", -1).Int64s("third", 2)
            .Int64s("far", long.MinValue + 1).Int64s("two", -2).Initializer("m", OnnxTensor.Create(OnnxElementType.Int64, [2, 2], [0L, 64, 7, 8]))
            .Node("Slice", "v last far first last", "a").Node("Slice", "v third first first two", "b").Node("Slice", "v first third first last", "c")
            .Node("Slice", "m last far first last", "d").Node("Reshape", "d last", "e").Node("Concat", "a b c e", "all", ("axis", 0))
            .Node("Identity", "all", "y").Output("y", null, OnnxElementType.Int64);

        OnnxModel folded = Oracle.AssertSameBits(model, new FoldConstants(), SeededValues.FloatInput("x", 1));

        CollectionAssert.AreEqual(new[] { 5L, 4, 3, 2, 1, 3, 7, 8, 0, 64 }, folded.Graph.InitializerOf("all")!.ToInt64Array());
    }

    [TestMethod]
    public void FoldConstants_ShapesBehindPadsAndRecurrentNets_AreTheRuntimes()
    {
        ModelBuilder model = new ModelBuilder().Input("x", "7,n,3").Weights("w", 2, 16, 3).Weights("r", 2, 16, 4).Int64s("pads", 0, 1, 0, 0, 1, 0)
            .Node("LSTM", "x w r", "all h c", ("hidden_size", 4), ("direction", "bidirectional")).Node("Pad", "x pads", "p")
            .Node("Shape", "all", "s1").Node("Shape", "h", "s2").Node("Shape", "c", "s3").Node("Shape", "p", "s4")
            .Int64s("one", 1).Int64s("batch", 0, 1, 3).Int64s("ends", 0, 2)
            .Node("Gather", "s1 batch", "g1").Node("Gather", "s2 ends", "g2").Node("Gather", "s3 ends", "g3").Node("Gather", "s4 ends", "g4")
            .Node("Concat", "g1 g2 g3 g4", "a", ("axis", 0)).Node("Identity", "a", "y").Output("y", null, OnnxElementType.Int64);

        OnnxModel folded = Oracle.AssertSameBits(model, new FoldConstants(), SeededValues.FloatInput("x", 7, 2, 3));

        CollectionAssert.AreEqual(new[] { 7L, 2, 4, 2, 4, 2, 4, 7, 3 }, folded.Graph.InitializerOf("a")!.ToInt64Array());
    }

    [TestMethod]
    public void FoldConstants_MovedAxes_IsTheRuntimes()
    {
        ModelBuilder model = new ModelBuilder().Input("x", "n").Int64s("shape", 2, 3).Int64s("start", 1).Int64s("axis", 1)
            .Int64s("big", long.MaxValue)
            .Initializer("m", OnnxTensor.Create(OnnxElementType.Int64, [2, 3], [1L, 2, 3, 4, 5, 6])).Int64s("expanded", 2, 3, 2)
            .Node("Transpose", "m", "t").Node("Slice", "t start big axis", "s").Node("Expand", "s expanded", "e", ("name", "e"))
            .Node("Unsqueeze", "t axis", "u").Node("Squeeze", "u axis", "q").Node("Identity", "q", "y").Node("Identity", "s", "z")
            .Output("y", null, OnnxElementType.Int64).Output("z", null, OnnxElementType.Int64);

        Oracle.AssertSameBits(model, new FoldConstants(), SeededValues.FloatInput("x", 1));
    }

    [TestMethod]
    public void FoldConstants_InputOfRange_IsTheRuntimes()
    {
        ModelBuilder model = new ModelBuilder().Input("x", "n")
            .Initializer("from", Scalar(10)).Initializer("to", Scalar(-3)).Initializer("by", Scalar(-4)).Int64s("shape", 2)
            .Node("Range", "from to by", "r").Node("ConstantOfShape", "shape", "c", ("value", OnnxTensor.Int64s(5)))
            .Node("Concat", "r c", "all", ("axis", 0)).Node("Identity", "all", "y").Output("y", null, OnnxElementType.Int64);

        Oracle.AssertSameBits(model, new FoldConstants(), SeededValues.FloatInput("x", 1));
    }

    [TestMethod]
    public void SimplifyReshapeTargets_BatchAndHeads_SameBits()
    {
        ModelBuilder model = new ModelBuilder().Input("x", "n,l,12").Int64s("first", 0).Int64s("second", 1).Int64s("heads", 3)
            .Int64s("rest", -1)
            .Node("Shape", "x", "s").Node("Gather", "s first", "n").Node("Gather", "s second", "l")
            .Node("Concat", "n l heads rest", "split", ("axis", 0)).Node("Reshape", "x split", "h")
                .Node("Transpose", "h", "t", ("perm", new[] { 0, 2, 1, 3 }))
            .Node("Shape", "t", "ts").Node("Gather", "ts first", "tn").Node("Concat", "tn rest", "flat", ("axis", 0))
                .Node("Reshape", "t flat", "y").Output("y");

        OnnxModel after = Oracle.AssertSameBits(model, new SimplifyReshapeTargets(), SeededValues.FloatInput("x", 2, 5, 12));

        CollectionAssert.AreEqual(new[] { 0L, 0, 3, -1 },
            after.Graph.InitializerOf(after.Graph.ProducerOf("h")!.Inputs[1])!.ToInt64Array());
    }

    [TestMethod]
    public void FoldScalarArithmetic_AttentionScale_Close()
    {
        // Not the same bits: of the unfolded graph the runtime makes x / r, which rounds once less.
        ModelBuilder model = new ModelBuilder().Input("x", "n").Initializer("size", Scalar(48)).Initializer("one", OnnxTensor.Scalar(1))
            .Node("Cast", "size", "f", ("to", (int)OnnxElementType.Float)).Node("Sqrt", "f", "r").Node("Div", "one r", "s")
                .Node("Mul", "x s", "y").Output("y");

        OnnxModel after = Oracle.AssertClose(model, new FoldScalarArithmetic(), SeededValues.FloatInput("x", 9));

        Assert.AreEqual("Mul", after.Graph.Nodes.Single().OpType);
    }

    [TestMethod]
    [DataRow("Add")]
    [DataRow("Sub")]
    [DataRow("Mul")]
    [DataRow("Div")]
    public void FoldScalarArithmetic_OneOperation_SameBits(string opType)
    {
        ModelBuilder model = new ModelBuilder().Input("x", "n").Weights("a").Weights("b", 1, 1).Node(opType, "a b", "s")
            .Node("Max", "x s", "y").Output("y");

        Oracle.AssertSameBits(model, new FoldScalarArithmetic(), SeededValues.FloatInput("x", 9));
    }

    [TestMethod]
    [DataRow("Sqrt")]
    [DataRow("Reciprocal")]
    [DataRow("Neg")]
    public void FoldScalarArithmetic_OneOperand_SameBits(string opType)
    {
        ModelBuilder model = new ModelBuilder().Input("x", "n").PositiveWeights("a").Node(opType, "a", "s").Node("Max", "x s", "y")
            .Output("y");

        Oracle.AssertSameBits(model, new FoldScalarArithmetic(), SeededValues.FloatInput("x", 9));
    }

    [TestMethod]
    public void MergeEqualInitializers_SharedBounds_SameBits()
    {
        ModelBuilder model = new ModelBuilder().Input("x", "n").Initializer("a", OnnxTensor.Scalar(0))
            .Initializer("b", OnnxTensor.Scalar(6))
            .Initializer("c", OnnxTensor.Scalar(0)).Initializer("d", OnnxTensor.Scalar(6)).Node("Clip", "x a b", "m")
                .Node("Clip", "m c d", "y").Output("y");

        OnnxModel after = Oracle.AssertSameBits(model, new MergeEqualInitializers(), SeededValues.FloatInput("x", 9));

        Assert.AreEqual(2, after.Graph.InitializerNames.Count());
    }

    private static OnnxTensor Scalar(long value) => OnnxTensor.Create(OnnxElementType.Int64, [], [value]);
}
