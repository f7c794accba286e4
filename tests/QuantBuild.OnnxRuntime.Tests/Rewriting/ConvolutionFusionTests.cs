using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Rewriting;

/// <summary>Every pattern around a convolution that is planned runs in integer kernels.</summary>
[TestClass]
public sealed class ConvolutionFusionTests
{
    [TestMethod]
    [DataRow("n,6,20", new long[] { 8, 6, 3 })]
    [DataRow("n,6,9,7", new long[] { 8, 6, 3, 2 })]
    [DataRow("n,6,5,6,7", new long[] { 8, 6, 2, 3, 1 })]
    public void Conv_OfEveryRank(string input, long[] weight)
    {
        Model(input).Weights("w", weight).Node("Conv", "x w", "y").Trial().AssertFuses("Conv");
        Model(input).Weights("w", weight).Weights("b", weight[0]).Node("Conv", "x w b", "y").Trial().AssertFuses("Conv");
    }

    [TestMethod]
    [DataRow(8, 1, 8, DisplayName = "depthwise")]
    [DataRow(16, 1, 8, DisplayName = "two outputs a channel")]
    [DataRow(12, 2, 4, DisplayName = "grouped")]
    [DataRow(1, 8, 1, DisplayName = "one output")]
    public void Conv_OfGroups(int outputs, int inputsPerGroup, int groups) =>
        Model("n,8,9,9").Weights("w", outputs, inputsPerGroup, 3, 3).Weights("b", outputs)
            .Node("Conv", "x w b", "y", ("group", groups), ("pads", new[] { 1, 1, 1, 1 }), ("strides", new[] { 2, 2 })).Trial()
            .AssertFuses("Conv");

    [TestMethod]
    public void ConvRelu_IsOneKernel()
    {
        QuantizationTrial trial = Convolved().Node("Relu", "a", "y").Trial().AssertFuses("Conv");

        Assert.IsFalse(trial.OptimizedOperators().Contains("Relu", StringComparison.Ordinal));
    }

    [TestMethod]
    [DataRow(0f, 6f)]
    [DataRow(-1f, 1f)]
    public void ConvClip_IsOneKernel(float low, float high)
    {
        QuantizationTrial trial = Convolved().Initializer("low", OnnxTensor.Scalar(low)).Initializer("high", OnnxTensor.Scalar(high))
            .Node("Clip", "a low high", "y").Trial().AssertFuses("Conv");

        Assert.IsFalse(trial.OptimizedOperators().Contains("Clip", StringComparison.Ordinal));
    }

    [TestMethod]
    public void ResidualAdd_BetweenConvolutions() =>
        Convolved().Node("Conv", "a v", "o").Node("Add", "a o", "s").Node("Conv", "s v", "y").Trial()
            .AssertFuses("Conv", "Conv", "Add", "Conv");

    [TestMethod]
    public void ResidualAddRelu_BetweenConvolutions() =>
        Convolved().Node("Relu", "a", "r").Node("Conv", "r v", "o").Node("Add", "r o", "s").Node("Relu", "s", "t")
            .Node("Conv", "t v", "y").Trial()
            .AssertFuses("Conv", "Conv", "Add", "Conv");

    [TestMethod]
    public void Mul_OfTwoBranches() =>
        Convolved().Node("Conv", "x w", "o", ("pads", new[] { 1, 1, 1, 1 })).Node("Mul", "a o", "m").Node("Conv", "m v", "y").Trial()
            .AssertFuses("Conv", "Conv", "Mul", "Conv");

    [TestMethod]
    public void Mul_OfAGatePerChannel() =>
        Convolved().Node("GlobalAveragePool", "a", "g").Node("Conv", "g v", "e").Node("Mul", "a e", "m").Node("Conv", "m v", "y").Trial()
            .AssertFuses("Conv", "GlobalAveragePool", "Conv", "Mul", "Conv");

    [TestMethod]
    public void Concat_OfBranchesWithOtherRanges() =>
        Convolved().Initializer("large", SeededValues.Tensor("large", -20, 20, 8, 4, 1, 1)).Weights("u", 4, 16, 1, 1)
            .Node("Conv", "x large", "o")
            .Node("Relu", "o", "r").Node("Concat", "a r", "c", ("axis", 1)).Node("Conv", "c u", "y").Trial()
            .AssertFuses("Conv", "Conv", "Concat", "Conv");

    [TestMethod]
    [DataRow("MaxPool")]
    [DataRow("AveragePool")]
    public void Pool_BetweenConvolutions(string opType) =>
        Convolved().Node(opType, "a", "p", ("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 2, 2 })).Node("Conv", "p v", "y").Trial()
            .AssertFuses("Conv", opType, "Conv");

    [TestMethod]
    public void PoolsFlattenGemm_AtTheEnd() =>
        Convolved().Weights("f", 8, 5).Weights("g", 5).Node("Relu", "a", "r").Node("MaxPool", "r", "p", ("kernel_shape", new[] { 2, 2 }))
            .Node("GlobalAveragePool", "p", "q").Node("Flatten", "q", "l").Node("Gemm", "l f g", "y").Trial()
            .AssertFuses("Conv", "MaxPool", "GlobalAveragePool", "Flatten", "Gemm");

    [TestMethod]
    public void ReshapeTranspose_ToGemm() =>
        Convolved().Int64s("shape", -1, 8, 64).Int64s("rows", -1, 8).Weights("f", 8, 5).Node("Reshape", "a shape", "s")
            .Node("Transpose", "s", "t", ("perm", new[] { 0, 2, 1 })).Node("Reshape", "t rows", "l").Node("Gemm", "l f", "y").Trial()
            .AssertFuses("Conv", "Reshape", "Transpose", "Reshape", "Gemm");

    [TestMethod]
    [DataRow("Squeeze", new long[] { 2, 3 }, "Unsqueeze")]
    public void SqueezeUnsqueeze_BetweenConvolutions(string first, long[] axes, string second) =>
        Convolved().Int64s("axes", axes).Node("GlobalAveragePool", "a", "g").Node(first, "g axes", "s").Node(second, "s axes", "u")
            .Node("Conv", "u v", "y").Trial().AssertFuses("Conv", "GlobalAveragePool", first, second, "Conv");

    [TestMethod]
    public void Slice_BetweenConvolutions() =>
        Convolved().Int64s("from", 0, 2).Int64s("to", 4, 8).Int64s("axes", 1, 3).Weights("u", 5, 4, 1, 1)
            .Node("Slice", "a from to axes", "s")
            .Node("Conv", "s u", "y").Trial().AssertFuses("Conv", "Slice", "Conv");

    [TestMethod]
    public void Expand_BetweenConvolutions() =>
        Convolved().Int64s("shape", 1, 1, 3, 3).Node("GlobalAveragePool", "a", "g").Node("Expand", "g shape", "e")
            .Node("Conv", "e v", "y").Trial()
            .AssertFuses("Conv", "GlobalAveragePool", "Expand", "Conv");

    [TestMethod]
    public void DepthToSpace_BetweenConvolutions() =>
        Convolved().Weights("u", 5, 2, 3, 3).Node("DepthToSpace", "a", "d", ("blocksize", 2)).Node("Conv", "d u", "y").Trial()
            .AssertFuses("Conv", "DepthToSpace", "Conv");

    [TestMethod]
    public void Conv_ThatIsAlsoAnOutput()
    {
        Convolved().Output("a").Node("Conv", "a v", "y").Trial().AssertFuses("Conv", "Conv");
        Convolved().Output("r").Node("Relu", "a", "r").Node("MaxPool", "r", "p", ("kernel_shape", new[] { 2, 2 }))
            .Node("Conv", "p v", "y").Trial()
            .AssertFuses("Conv", "MaxPool", "Conv");
    }

    [TestMethod]
    public void Conv_ReadByFloatAndInteger() =>
        Convolved().Output("z").Node("Conv", "a v", "y").Node("Exp", "a", "e").Node("Tanh", "e", "z").Trial().AssertFuses("Conv", "Conv");

    [TestMethod]
    public void Conv_ReadByABody()
    {
        GraphBuilder body = new GraphBuilder().Node("Tanh", "a", "inner").Output("inner");
        Convolved().Output("z").Node("ReduceMax", "x", "m", ("keepdims", 0)).Initializer("limit", OnnxTensor.Scalar(0))
            .Node("Greater", "m limit", "c").Node("If", "c", "z", ("then_branch", body), ("else_branch", body)).Node("Conv", "a v", "y")
            .Trial()
            .AssertFuses("Conv", "Conv");
    }

    /// <summary>The runtime knows more shapes than the preparation, here that of a ConvTranspose, and gives the nodes of the branch other names.</summary>
    [TestMethod]
    public void Conv_InABranchThatTheRuntimeDecidesFor()
    {
        GraphBuilder taken = new GraphBuilder().Node("Conv", "a v", "inner").Output("inner");
        GraphBuilder other = new GraphBuilder().Node("Tanh", "a", "bent").Output("bent");
        QuantizationTrial trial = Model("1,4,8").Weights("w", 4, 8, 2).Weights("v", 8, 8, 1).Node("ConvTranspose", "x w", "a")
            .Node("Shape", "a", "s").Initializer("axis", OnnxTensor.Create(OnnxElementType.Int64, [], [2L])).Node("Gather", "s axis", "length")
            .Initializer("limit", OnnxTensor.Create(OnnxElementType.Int64, [], [4L])).Node("Greater", "length limit", "c")
            .Node("If", "c", "y", ("then_branch", taken), ("else_branch", other)).Trial();

        Assert.IsTrue(OnnxModelReader.ParseAnyOpset(trial.Quantized.Image, QuantizationTrial.Origin).Graph.Nodes.Any(node => node.Is("If")));
        CollectionAssert.DoesNotContain(trial.OptimizedOperators().Split(' '), "If");
        trial.AssertFuses("Conv");
    }

    private static ModelBuilder Model(string input) => new ModelBuilder().Input("x", input).Output("y");

    /// <summary>x ─ Conv ─ a: 8 channels of 8 × 8, and weights for a further convolution.</summary>
    private static ModelBuilder Convolved() => Model("n,4,8,8").Weights("w", 8, 4, 3, 3).Weights("b", 8).Weights("v", 8, 8, 1, 1)
        .Node("Conv", "x w b", "a", ("pads", new[] { 1, 1, 1, 1 }));
}

internal static class ModelBuilderTrial
{
    public static QuantizationTrial Trial(this ModelBuilder builder) => QuantizationTrial.Of(builder);
}
