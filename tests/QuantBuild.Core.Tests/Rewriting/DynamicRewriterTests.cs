using QuantBuild.Onnx;
using QuantBuild.Reconstruction;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Rewriting;

[TestClass]
public sealed class DynamicRewriterTests
{
    [TestMethod]
    public void Rewrite_Product_IsTheFormThatTheRuntimeFuses()
    {
        RewrittenModel model = Rewrite(Model().Weights("w", 128, 160).Node("MatMul", "x w", "y"));

        CollectionAssert.AreEqual(new[] { "DynamicQuantizeLinear", "MatMulInteger", "Cast", "Mul", "Mul" }, model.Operators);
        CollectionAssert.AreEqual(new[] { "n0_" }, model.Quantized.DynamicNames.ToArray());
        Assert.AreEqual("n0_", model.Node("MatMulInteger").Name);
    }

    [TestMethod]
    public void Rewrite_ReadersOfOneValue_ShareItsCodes()
    {
        RewrittenModel model = Rewrite(Model().Weights("w", 128, 160).Weights("v", 128, 160).Node("MatMul", "x w", "a").Node("MatMul", "x v", "b").Node("Add", "a b", "y"));

        Assert.AreEqual(1, model.Operators.Count(operatorName => operatorName == "DynamicQuantizeLinear"));
        Assert.AreEqual(2, model.Operators.Count(operatorName => operatorName == "MatMulInteger"));
    }

    [TestMethod]
    public void Rewrite_TransposedGemm_CodesAreTurnedAndTheBiasIsAdded()
    {
        RewrittenModel model = Rewrite(Model().Weights("w", 160, 128).Weights("b", 160).Node("Gemm", "x w b", "y", ("transB", 1)));

        OnnxTensor codes = model.Graph.InitializerOf(model.Node("MatMulInteger").Inputs[1])!;
        CollectionAssert.AreEqual(new long[] { 128, 160 }, codes.Shape.ToArray());
        CollectionAssert.AreEqual(new[] { "y" }, model.Node("Add").Outputs.ToArray());
        AssertPairSafe(codes);
        float[] weights = SeededValues.Floats("w", -1, 1, 160 * 128);
        Assert.AreEqual(Math.Sign(weights[(3 * 128) + 5]), Math.Sign(codes.Values<sbyte>()[(5 * 160) + 3]));
    }

    [TestMethod]
    public void Rewrite_Lstm_WeightsAreTurnedAndPairSafe()
    {
        RewrittenModel model = Rewrite(
            new ModelBuilder().Input("x", "s,1,64").Output("y").Weights("w", 2, 256, 64).Weights("r", 2, 256, 64).Weights("b", 2, 512)
                .Node("LSTM", "x w r b", "y", ("hidden_size", 64), ("direction", "bidirectional"), ("layout", 0)));

        OnnxNode lstm = model.Node("DynamicQuantizeLSTM");
        Assert.AreEqual("com.microsoft", lstm.Domain);
        Assert.IsFalse(lstm.HasAttribute("layout"));
        Assert.AreEqual(12, lstm.Inputs.Count);
        foreach (int input in new[] { 1, 2 })
        {
            OnnxTensor codes = model.Graph.InitializerOf(lstm.Inputs[input])!;
            CollectionAssert.AreEqual(new long[] { 2, 64, 256 }, codes.Shape.ToArray());
            AssertPairSafe(codes);
            CollectionAssert.AreEqual(new long[] { 2, 256 }, model.Graph.InitializerOf(lstm.Inputs[6 + (2 * input)])!.Shape.ToArray(), "One scale a row.");
        }
    }

    [TestMethod]
    public void Rewrite_InABody_IsDoneThere()
    {
        GraphBuilder body = new GraphBuilder().Initializer("v", SeededValues.Tensor("v", -1, 1, 128, 128)).Node("MatMul", "x v", "m").Output("m");
        RewrittenModel model = Rewrite(
            Model().Input("p", "", OnnxElementType.Bool).Node("If", "p", "y", ("then_branch", body), ("else_branch", body)));

        foreach (OnnxGraph branch in model.Node("If").Subgraphs)
            CollectionAssert.AreEqual(
                new[] { "DynamicQuantizeLinear", "MatMulInteger", "Cast", "Mul", "Mul" }, branch.Nodes.Select(node => node.OpType).ToArray());
        CollectionAssert.AreEqual(new[] { "n0_", "n1_" }, model.Quantized.DynamicNames.ToArray());
    }

    /// <summary>No two neighbours along the second last axis sum to more than a 16-bit sum of products can hold.</summary>
    private static void AssertPairSafe(OnnxTensor codes)
    {
        ReadOnlySpan<sbyte> values = codes.Values<sbyte>();
        var (rows, columns) = ((int)codes.Shape[^2], (int)codes.Shape[^1]);
        for (int start = 0; start < values.Length; start += rows * columns)
            for (int row = 0; row + 1 < rows; row += 2)
                for (int column = 0; column < columns; column++)
                {
                    int first = values[start + (row * columns) + column];
                    int second = values[start + ((row + 1) * columns) + column];
                    Assert.IsTrue(first * second < 0 || Math.Abs(first + second) <= PairSafeChannel.PairLimit, $"{first} {second}");
                }
    }

    private static ModelBuilder Model() => new ModelBuilder().Input("x", "n,128").Output("y");

    private static RewrittenModel Rewrite(ModelBuilder model) => RewrittenModel.Of(model, TestSettings.Of(QuantizationScheme.Dynamic));
}
