using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Rewriting;

[TestClass]
public sealed class QdqRewriterTests
{
    [TestMethod]
    public void Rewrite_ConvRelu_PairsAroundAndReluGone()
    {
        RewrittenModel rewritten = RewrittenModel.Of(
            Conv().Weights("b", 4).Node("Conv", "x w b", "a").Node("Relu", "a", "y"));

        OnnxNode conv = rewritten.Node("Conv");
        Assert.IsFalse(rewritten.Operators.Contains("Relu"));
        Assert.AreEqual("x", rewritten.BehindPair(conv.Inputs[0]));
        Assert.AreEqual(conv.Outputs[0], rewritten.BehindPair("y"));
        OnnxNode weight = rewritten.Graph.ProducerOf(conv.Inputs[1])!;
        Assert.AreEqual(0, weight.GetInt("axis", -1));
        Assert.AreEqual(OnnxElementType.Int8, rewritten.Graph.InitializerTypeOf(weight.Inputs[0]));
        CollectionAssert.AreEqual(new long[] { 4 }, rewritten.Graph.InitializerOf(weight.Inputs[1])!.Shape.ToArray());
        OnnxNode bias = rewritten.Graph.ProducerOf(conv.Inputs[2])!;
        Assert.AreEqual(OnnxElementType.Int32, rewritten.Graph.InitializerTypeOf(bias.Inputs[0]));
        Assert.AreEqual(2, bias.Inputs.Count, "An int32 constant has no zero point.");
    }

    [TestMethod]
    public void Rewrite_Bias_HasTheScaleOfTheAccumulator()
    {
        RewrittenModel rewritten = RewrittenModel.Of(Conv().Weights("b", 4).Node("Conv", "x w b", "y"));

        OnnxNode conv = rewritten.Node("Conv");
        float input = Scales(rewritten, conv.Inputs[0])[0];
        float[] weights = Scales(rewritten, conv.Inputs[1]);
        CollectionAssert.AreEqual(weights.Select(scale => input * scale).ToArray(), Scales(rewritten, conv.Inputs[2]));
    }

    [TestMethod]
    public void Rewrite_GemmBehindConv_ReadsTheSamePair()
    {
        RewrittenModel rewritten = RewrittenModel.Of(Conv().Weights("v", 4, 4).Node("Conv", "x w", "a").Node("Gemm", "a v", "y"));

        Assert.AreEqual(rewritten.Node("Conv").Outputs[0], rewritten.BehindPair(rewritten.Node("Gemm").Inputs[0]));
        Assert.AreEqual("y", rewritten.Node("Gemm").Outputs[0], "A Gemm gives floats.");
    }

    [TestMethod]
    public void Rewrite_OutputAlsoReadInside_KeepsItsName()
    {
        RewrittenModel rewritten = RewrittenModel.Of(Conv().Output("a").Node("Conv", "x w", "a").Node("Conv", "a w", "y"));

        CollectionAssert.AreEquivalent(new[] { "a", "y" }, rewritten.Graph.OutputNames.ToArray());
        OnnxNode[] convs = [.. rewritten.Graph.Nodes.Where(node => node.OpType == "Conv")];
        Assert.AreEqual("a", convs[1].Inputs[0]);
        Assert.AreEqual(convs[0].Outputs[0], rewritten.BehindPair("a"));
        Assert.AreEqual("a", rewritten.Quantized.ValueNames["a"]);
    }

    [TestMethod]
    public void Rewrite_FloatReaderOfAnInput_KeepsTheFloatValue()
    {
        RewrittenModel rewritten = RewrittenModel.Of(Conv().Output("z").Node("Conv", "x w", "y").Node("Exp", "x", "z"));

        Assert.AreEqual("x", rewritten.Node("Exp").Inputs[0]);
    }

    [TestMethod]
    public void Rewrite_FloatReaderOfAKernelsOutput_ReadsTheQuantizedValue()
    {
        RewrittenModel rewritten = RewrittenModel.Of(Conv().Node("Conv", "x w", "a").Node("Exp", "a", "y"));

        Assert.AreEqual(rewritten.Node("Conv").Outputs[0], rewritten.BehindPair(rewritten.Node("Exp").Inputs[0]));
    }

    [TestMethod]
    public void Rewrite_SharedWeight_IsStoredAndRestoredOnce()
    {
        RewrittenModel rewritten = RewrittenModel.Of(
            new ModelBuilder().Input("x", "n,4").Output("y").Output("z").Weights("w", 4, 4).Node("MatMul", "x w", "y")
                .Node("Gemm", "x w", "z"));

        Assert.AreEqual(rewritten.Node("MatMul").Inputs[1], rewritten.Node("Gemm").Inputs[1]);
        Assert.AreEqual(rewritten.Node("MatMul").Inputs[0], rewritten.Node("Gemm").Inputs[0]);
        Assert.AreEqual(1, rewritten.Initializers.Count(tensor => tensor.Rank == 2));
    }

    [TestMethod]
    public void Rewrite_Constants_AreStoredOnceEach()
    {
        RewrittenModel rewritten = RewrittenModel.Of(
            Conv().Node("Conv", "x w", "a").Node("MaxPool", "a", "p", ("kernel_shape", new[] { 2, 2 })).Node("Conv", "p w", "y"));

        string[] contents = [.. rewritten.Initializers.Select(tensor =>
            $"{tensor.ElementType} [{string.Join(",", tensor.Shape)}] {Convert.ToHexString(tensor.Bytes)}")];
        CollectionAssert.AreEqual(contents.Distinct().ToArray(), contents);
        Assert.IsFalse(contents.Any(content => content.StartsWith("Float [4,4", StringComparison.Ordinal)), "The float weights are gone.");
    }

    [TestMethod]
    public void Rewrite_ValueThatABodyReads_BodyReadsTheQuantizedValue()
    {
        RewrittenModel rewritten = RewrittenModel.Of(
            Conv().Input("c", "", OnnxElementType.Bool).Node("Conv", "x w", "a")
                .Node("If", "c", "y", ("then_branch", new GraphBuilder().Node("Exp", "a", "t").Output("t")),
                    ("else_branch", new GraphBuilder().Node("Neg", "a", "e").Output("e"))));

        foreach (OnnxGraph branch in rewritten.Node("If").Subgraphs)
            Assert.AreEqual(rewritten.Node("Conv").Outputs[0], rewritten.BehindPair(branch.Nodes[0].Inputs[0]));
    }

    [TestMethod]
    public void Rewrite_AbsorbedBias_AddReadsTheIntegerConstant()
    {
        RewrittenModel rewritten = RewrittenModel.Of(
            new ModelBuilder().Input("x", "n,4").Output("y").Weights("w", 4, 4).Weights("b", 4).Node("MatMul", "x w", "m")
                .Node("Add", "b m", "y"));

        OnnxNode add = rewritten.Node("Add");
        Assert.AreEqual(rewritten.Node("MatMul").Outputs[0], add.Inputs[1]);
        Assert.AreEqual(OnnxElementType.Int32, rewritten.Graph.InitializerTypeOf(rewritten.Graph.ProducerOf(add.Inputs[0])!.Inputs[0]));
    }

    [TestMethod]
    public void Rewrite_AttributesThatRepeatADefault_AreGone()
    {
        RewrittenModel rewritten = RewrittenModel.Of(Conv()
            .Node("Conv", "x w", "a", ("kernel_shape", new[] { 1, 1 }), ("strides", new[] { 1, 1 }), ("pads", new[] { 0, 0, 0, 0 }),
                ("dilations", new[] { 1, 1 }), ("group", 1), ("auto_pad", "NOTSET"))
            .Node("MaxPool", "a", "p", ("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 2, 1 }), ("ceil_mode", 0))
            .Node("Gemm", "p v", "y", ("alpha", 1f), ("beta", 1f), ("transB", 1)).Weights("v", 4, 4));

        CollectionAssert.AreEqual(Array.Empty<string>(), rewritten.Node("Conv").AttributeNames.ToArray());
        CollectionAssert.AreEqual(new[] { "kernel_shape", "strides" }, rewritten.Node("MaxPool").AttributeNames.ToArray());
        CollectionAssert.AreEqual(new[] { "transB" }, rewritten.Node("Gemm").AttributeNames.ToArray());
    }

    [TestMethod]
    public void Rewrite_NamesOfPlannedNodes_FindThem()
    {
        RewrittenModel rewritten = RewrittenModel.Of(Conv().Weights("v", 4, 4).Node("Conv", "x w", "a").Node("Exp", "a", "e")
            .Node("Gemm", "e v", "y"));

        string[] operators = [.. rewritten.Quantized.NodeNames.Select(name => rewritten.Graph.Nodes.Single(node => node.Name == name).OpType)];
        CollectionAssert.AreEqual(new[] { "Conv", "Gemm" }, operators);
        Assert.AreEqual("", rewritten.Node("Exp").Name);
    }

    [TestMethod]
    public void Rewrite_SameModelTwice_SameBytes()
    {
        byte[] first = RewrittenModel.Of(Conv().Weights("b", 4).Node("Conv", "x w b", "y")).Quantized.Image.Message;
        byte[] second = RewrittenModel.Of(Conv().Weights("b", 4).Node("Conv", "x w b", "y")).Quantized.Image.Message;

        CollectionAssert.AreEqual(first, second);
    }

    private static ModelBuilder Conv() => new ModelBuilder().Input("x", "n,4,8,8").Output("y").Weights("w", 4, 4, 1, 1);

    private static float[] Scales(RewrittenModel rewritten, string value) =>
        rewritten.Graph.InitializerOf(rewritten.Graph.ProducerOf(value)!.Inputs[1])!.Floats.ToArray();
}
