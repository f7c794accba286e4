using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Rewriting;

/// <summary>Every pattern around Gemm and MatMul that is planned runs in integer kernels.</summary>
[TestClass]
public sealed class MatrixFusionTests
{
    [TestMethod]
    [DataRow(0, new long[] { 24, 10 })]
    [DataRow(1, new long[] { 10, 24 })]
    public void Gemm_OfBothOrders(int transB, long[] weight)
    {
        Model("n,24").Weights("w", weight).Weights("b", 10).Node("Gemm", "x w b", "y", ("transB", transB)).Trial().AssertFuses("Gemm");
        Model("n,24").Weights("w", weight).Node("Gemm", "x w", "y", ("transB", transB)).Trial().AssertFuses("Gemm");
    }

    [TestMethod]
    public void Gemm_WithFactors() =>
        Model("n,24").Weights("w", 24, 10).Weights("b", 10).Node("Gemm", "x w b", "y", ("alpha", 0.5f), ("beta", 3f)).Trial().AssertFuses("Gemm");

    [TestMethod]
    [DataRow("Relu")]
    [DataRow("Tanh")]
    [DataRow("Sigmoid")]
    [DataRow("LeakyRelu")]
    [DataRow("Elu")]
    public void GemmActivationGemm_BothInIntegers(string activation) =>
        Model("n,24").Weights("w", 24, 32).Weights("b", 32).Weights("v", 10, 32).Weights("c", 10).Node("Gemm", "x w b", "h")
            .Node(activation, "h", "r")
            .Node("Gemm", "r v c", "y", ("transB", 1)).Trial().AssertFuses("Gemm", "Gemm");

    [TestMethod]
    public void GemmGemm_WithoutAnythingBetween() => TwoLayers().Trial().AssertFuses("Gemm", "Gemm");

    [TestMethod]
    public void GemmGemm_FirstIsAlsoAnOutput() => TwoLayers().Output("h").Trial().AssertFuses("Gemm", "Gemm");

    [TestMethod]
    public void GemmGemm_FirstIsAlsoReadByFloats() =>
        TwoLayers().Output("z").Node("Tanh", "h", "z").Trial().AssertFuses("Gemm", "Gemm");

    [TestMethod]
    public void MatMulMatMul_FirstIsAlsoReadByFloats() =>
        Model("n,24").Output("z").Weights("w", 24, 16).Weights("v", 16, 16).Node("MatMul", "x w", "h").Node("MatMul", "h v", "y")
            .Node("Tanh", "h", "z")
            .Trial().AssertFuses("MatMul", "MatMul");

    /// <summary>With and without the activation, which reads floats unless all that read it are products.</summary>
    [TestMethod]
    [DataRow("Relu", null)]
    [DataRow("Relu", "MatMul")]
    [DataRow("Relu", "Tanh")]
    [DataRow("Clip", null)]
    [DataRow("Clip", "MatMul")]
    [DataRow("Clip", "Tanh")]
    public void MatMulMatMul_FirstIsAlsoReadByAnActivation(string activation, string? behind)
    {
        ModelBuilder model = Model("n,24").Output("z").Weights("w", 24, 16).Weights("v", 16, 16).Node("MatMul", "x w", "h").Node("MatMul", "h v", "y")
            .Node(activation, "h", "r").Node("MatMul", "r v", "z");
        if (behind is not null)
            model.Output("u").Node(behind, behind == "MatMul" ? "r w2" : "r", "u").Weights("w2", 16, 8);
        model.Trial().AssertFuses([.. Enumerable.Repeat("MatMul", behind == "MatMul" ? 4 : 3)]);
    }

    [TestMethod]
    public void BiasedMatMul_OutputIsAlsoReadByFloats() =>
        Model("n,24").Output("z").Weights("w", 24, 16).Weights("b", 16).Weights("v", 16, 16).Node("MatMul", "x w", "m")
            .Node("Add", "m b", "h")
            .Node("MatMul", "h v", "y").Node("Tanh", "h", "z").Trial().AssertFuses("MatMul", "MatMul");

    [TestMethod]
    [DataRow("n,24")]
    [DataRow("n,7,24")]
    [DataRow("n,3,7,24")]
    public void MatMul_OfEveryRank(string input) =>
        Model(input).Weights("w", 24, 10).Node("MatMul", "x w", "y").Trial().AssertFuses("MatMul");

    [TestMethod]
    [DataRow("n,24", new long[] { 10 })]
    [DataRow("n,24", new long[] { 1, 10 })]
    [DataRow("n,7,24", new long[] { 10 })]
    [DataRow("n,7,24", new long[] { 1, 1, 10 })]
    [DataRow("n,3,7,24", new long[] { 10 })]
    public void MatMulBias_OfEveryRank(string input, long[] bias)
    {
        Model(input).Weights("w", 24, 10).Weights("b", bias).Node("MatMul", "x w", "m").Node("Add", "m b", "y").Trial()
            .AssertFuses("MatMul");
        Model(input).Weights("w", 24, 10).Weights("b", bias).Node("MatMul", "x w", "m").Node("Add", "b m", "a").Node("Relu", "a", "y")
            .Trial()
            .AssertFuses("MatMul");
    }

    [TestMethod]
    [DataRow("MatMul", "Relu")]
    [DataRow("MatMul", "Clip")]
    [DataRow("Gemm", "Relu")]
    [DataRow("Gemm", "Clip")]
    public void ProductThenActivation_ReadByFloats(string product, string activation) =>
        Model("n,24").Weights("w", 24, 10).Initializer("low", OnnxTensor.Scalar(0)).Initializer("high", OnnxTensor.Scalar(6))
            .Node(product, "x w", "p").Node(activation, activation == "Clip" ? "p low high" : "p", "a").Node("Tanh", "a", "y").Trial()
            .AssertFuses(product);

    [TestMethod]
    public void MatMulBiasThenRelu_ReadByFloats() =>
        Model("n,7,24").Weights("w", 24, 10).Weights("b", 10)
            .Node("MatMul", "x w", "m").Node("Add", "m b", "a").Node("Relu", "a", "r").Node("Tanh", "r", "y").Trial().AssertFuses("MatMul");

    [TestMethod]
    [DataRow("MatMul")]
    [DataRow("Gemm")]
    public void ProductThenClipWithoutZero_StaysFloat(string product) =>
        Model("n,24").Weights("w", 24, 10).Initializer("low", OnnxTensor.Scalar(0.5f))
            .Node(product, "x w", "p").Node("Clip", "p low", "y").Trial()
            .Plan.FloatNodes.Single(node => node.OpType == product && node.Reason.StartsWith("the Clip behind it", StringComparison.Ordinal));

    /// <summary>The runtime merges product and Add into a Gemm, which has no integer form with a float summand.</summary>
    [TestMethod]
    [DataRow("4,6", "x t", "c", new long[] { 1, 4 })]
    [DataRow("4,6", "x t", "c", new long[] { 4 })]
    [DataRow("4,6", "x t", "c", new long[] { 4, 4 })]
    [DataRow("4,6", "x t", "c", new long[] { 4, 1 })]
    [DataRow("4,6", "x t", "c", new long[] { 1 })]
    [DataRow("4,6", "x t", "c", new long[0])]
    [DataRow("4,6", "x w", "c", new long[] { 4, 6 })]
    [DataRow("4,6", "x w", "s", new long[] { 1 })]
    [DataRow("4,6", "x w", "r", new long[] { 1 })]
    [DataRow("n,6", "x w", "r", new long[] { 1 })]
    [DataRow("n,6", "x w", "s", new long[] { 1 })]
    public void MatMulThenAddOfAnything(string input, string product, string summand, long[] constant) =>
        Model(input).Weights("w", 6, 6).Weights("c", constant).Initializer("axis", OnnxTensor.Int64s(0))
            .Node("Transpose", "x", "t", ("perm", new[] { 1, 0 })).Node("Tanh", "x", "r")
            .Node("ReduceSum", "r axis", "s").Node("MatMul", product, "m").Node("Add", $"m {summand}", "a").Node("Erf", "a", "y").Trial()
            .AssertFuses("MatMul");

    /// <summary>The samples have a batch of one, so that a value for each row looks like a single number.</summary>
    [TestMethod]
    [DataRow("n,6", 5, "n,1")]
    [DataRow("n,6", 1, "n,1")]
    [DataRow("n,6", 1, "n,6,1")]
    [DataRow("1,6", 5, "1,1")]
    public void MatMulThenAddOfAValueForEachRow(string input, int columns, string summand) =>
        Model(input).Input("z", summand).Weights("w", 6, columns).Node("Tanh", "z", "t").Node("MatMul", "x w", "m").Node("Add", "m t", "y").Trial()
            .AssertFuses("MatMul");

    /// <summary>The runtime merges a stack of products as well when all of its dimensions are numbers.</summary>
    [TestMethod]
    [DataRow("1,4,6", "x w")]
    [DataRow("1,4,6", "x r")]
    [DataRow("n,4,6", "x w")]
    public void StackOfProducts_ThenAddOfAComputedVector(string input, string product) =>
        Model(input).Input("u", input.Replace('4', '5')).Weights("w", 6, 5).Node("ReduceMean", "u", "t", ("axes", new[] { 0 }), ("keepdims", 0))
            .Node("Transpose", "t", "r", ("perm", new[] { 1, 0 })).Node("ReduceMean", "r", "s", ("axes", new[] { 0 }), ("keepdims", 0))
            .Node("MatMul", product, "m").Node("Add", "m s", "y").Trial()
            .AssertFuses("MatMul");

    [TestMethod]
    public void MatMulBiasGelu_ThenMatMulBias() =>
        Model("n,7,24").Weights("w", 24, 32).Weights("b", 32).Weights("v", 32, 24).Weights("c", 24)
            .Initializer("root", OnnxTensor.Scalar(1.4142135f))
            .Initializer("one", OnnxTensor.Scalar(1)).Initializer("half", OnnxTensor.Scalar(0.5f)).Node("MatMul", "x w", "m")
            .Node("Add", "m b", "h")
            .Node("Div", "h root", "d").Node("Erf", "d", "e").Node("Add", "e one", "p").Node("Mul", "h p", "q").Node("Mul", "q half", "g")
            .Node("MatMul", "g v", "n2").Node("Add", "n2 c", "y").Trial().AssertFuses("MatMul", "MatMul");

    [TestMethod]
    public void AttentionBlock_AllProductsInIntegersAndSoftmaxInFloat()
    {
        QuantizationTrial trial = Attention().Trial().AssertFuses("MatMul", "MatMul", "MatMul", "MatMul", "MatMul", "MatMul");

        StringAssert.Contains(trial.OptimizedOperators(), "Softmax");
    }

    [TestMethod]
    public void OneNormalization_ReadByThreeMatMuls()
    {
        QuantizationTrial trial = new ModelBuilder(17).Input("x", "n,7,16").Output("q").Output("k").Output("v").PositiveWeights("s", 16)
            .Weights("t", 16)
            .Weights("wq", 16, 16).Weights("wk", 16, 16).Weights("wv", 16, 16).Node("LayerNormalization", "x s t", "l")
            .Node("MatMul", "l wq", "q").Node("MatMul", "l wk", "k").Node("MatMul", "l wv", "v").Trial()
            .AssertFuses("MatMul", "MatMul", "MatMul");

        Assert.AreEqual("l", trial.Plan.Activations.Single().Value);
    }

    [TestMethod]
    public void SharedWeights_OfTwoMatMuls() =>
        Model("n,24").Output("z").Input("u", "n,24").Weights("w", 24, 10).Node("MatMul", "x w", "y").Node("MatMul", "u w", "z").Trial()
            .AssertFuses("MatMul", "MatMul");

    [TestMethod]
    public void SharedWeights_OfTwoBiasedMatMuls() =>
        Model("n,24").Output("z").Input("u", "n,24").Weights("w", 24, 10).Weights("b", 10).Node("MatMul", "x w", "m")
            .Node("Add", "m b", "y")
            .Node("MatMul", "u w", "o").Node("Add", "o b", "z").Trial().AssertFuses("MatMul", "MatMul");

    [TestMethod]
    public void OneActivationTwice_AsBothOperands() =>
        Model("n,6,6").Node("Tanh", "x", "t").Node("MatMul", "t t", "y").Trial().AssertFuses("MatMul");

    private static ModelBuilder Model(string input) => new ModelBuilder().Input("x", input).Output("y");

    private static ModelBuilder TwoLayers() => Model("n,24").Weights("w", 24, 16).Weights("b", 16).Weights("v", 16, 10).Weights("c", 10)
        .Node("Gemm", "x w b", "h").Node("Gemm", "h v c", "y");

    /// <summary>One head pair of a transformer as PyTorch exports it: 2 heads of 8, 7 tokens.</summary>
    private static ModelBuilder Attention()
    {
        ModelBuilder model = Model("n,7,16").Int64s("heads", 0, 0, 2, 8).Int64s("joined", 0, 0, 16)
            .Initializer("scale", OnnxTensor.Scalar(0.35355338f));
        foreach (string part in new[] { "q", "k", "v" })
            model.Weights($"w{part}", 16, 16).Weights($"b{part}", 16).Node("MatMul", $"x w{part}", $"m{part}")
                .Node("Add", $"b{part} m{part}", $"a{part}")
                .Node("Reshape", $"a{part} heads", $"r{part}")
                .Node("Transpose", $"r{part}", $"t{part}", ("perm", part == "k" ? new[] { 0, 2, 3, 1 } : [0, 2, 1, 3]));
        return model.Weights("wo", 16, 16).Weights("bo", 16).Node("MatMul", "tq tk", "p").Node("Mul", "p scale", "s")
            .Node("Softmax", "s", "f", ("axis", -1))
            .Node("MatMul", "f tv", "o").Node("Transpose", "o", "to", ("perm", new[] { 0, 2, 1, 3 })).Node("Reshape", "to joined", "j")
            .Node("MatMul", "j wo", "mo").Node("Add", "bo mo", "y");
    }
}
