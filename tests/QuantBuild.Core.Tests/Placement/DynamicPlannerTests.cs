using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Placement;

[TestClass]
public sealed class DynamicPlannerTests
{
    [TestMethod]
    public void Plan_ProductsWithConstantWeights_AreTaken()
    {
        PlacementPlan plan = Plan(Model().Weights("w", 128, 128).Node("MatMul", "x w", "m").Node("Gemm", "m w", "y", ("transB", 1)));

        CollectionAssert.AreEqual(new[] { "MatMul", "Gemm" }, plan.DynamicNodes.Select(node => node.Node.OpType).ToArray());
        Assert.AreEqual(ReductionOrder.MatrixColumns, plan.DynamicNodes[1].Weights.Single().PairAxis);
        Assert.AreEqual(0, plan.Nodes.Count + plan.FloatNodes.Count);
    }

    [TestMethod]
    [DataRow("MatMul", "x x", "", 0L, "it multiplies two activations")]
    [DataRow("MatMul", "w x", "", 0L, "its first operand is the constant one")]
    [DataRow("MatMul", "w w", "", 0L, "both of its operands are constants")]
    [DataRow("MatMul", "x s", "", 0L, "it has only 64 weights: finding the range of its input would take longer than computing it in float")]
    [DataRow("MatMul", "x c", "", 0L, "its constant operand has not two axes")]
    [DataRow("MatMul", "x i", "", 0L, "its constants hold NaN or infinities")]
    [DataRow("Gemm", "x w", "transA", 1L, "it transposes its input (transA)")]
    [DataRow("Conv", "x w", "", 0L, "with ranges that are found at every run, the integer kernel is five times slower than float (measured)")]
    [DataRow("Relu", "x", "", 0L, "the runtime has no integer kernel for this operator that finds ranges at every run")]
    public void Plan_Node_StaysFloatForAReason(string opType, string inputs, string attribute, long value, string reason)
    {
        (string, object)[] attributes = attribute.Length == 0 ? [] : [(attribute, value)];
        PlacementPlan plan = Plan(Weights().Node(opType, inputs, "y", attributes));

        Assert.AreEqual(reason, plan.FloatNodes.Single().Reason);
        Assert.AreEqual(0, plan.DynamicNodes.Count);
    }

    [TestMethod]
    [DataRow("alpha", "it scales the product (alpha)")]
    [DataRow("beta", "it scales its bias (beta)")]
    public void Plan_ScaledGemm_StaysFloat(string attribute, string reason) =>
        Assert.AreEqual(reason, Plan(Weights().Node("Gemm", "x w", "y", (attribute, 0.5f))).FloatNodes.Single().Reason);

    [TestMethod]
    public void Plan_ExcludedNode_StaysFloat()
    {
        PlacementPlan plan = Plan(Weights().Node("MatMul", "x w", "y"), settings => settings with { ExcludedOperators = ["MatMul"] });

        Assert.AreEqual("excluded by ExcludedOperators", plan.FloatNodes.Single().Reason);
        CollectionAssert.AreEqual(new[] { "w" }, plan.FloatWeights.ToArray());
    }

    [TestMethod]
    public void Plan_EveryNodeOfEveryGraph_IsListedOnce()
    {
        GraphBuilder body = new GraphBuilder().Initializer("v", SeededValues.Tensor("v", -1, 1, 128, 128)).Node("MatMul", "x v", "m").Node("Relu", "m", "r").Output("r");
        ModelBuilder model = Weights().Input("p", "", OnnxElementType.Bool).Node("MatMul", "x w", "a")
            .Node("If", "p", "b", ("then_branch", body), ("else_branch", body)).Node("Add", "a b", "y");

        PlacementPlan plan = Plan(model);

        Assert.AreEqual("MatMul MatMul MatMul", string.Join(' ', plan.DynamicNodes.Select(node => node.Node.OpType)));
        Assert.AreEqual("If Add Relu Relu", string.Join(' ', plan.FloatNodes.Select(node => node.OpType)));
    }

    [TestMethod]
    public void Plan_NothingToTake_QB5001()
    {
        var problems = new DiagnosticBag();
        PlacementPlanner.Plan(Model().Node("Relu", "x", "y").Build().Graph, TensorFacts.None, TestSettings.Of(QuantizationScheme.Dynamic), new DiagnosticOrigin("m.onnx"), problems);

        Assert.AreEqual(DiagnosticCatalogue.NothingToQuantize, problems.Diagnostics.Single().Descriptor);
    }

    [TestMethod]
    public void Plan_OnlyConvolutionsToTake_QB5001NamesTheSchemeThatTakesThem()
    {
        var problems = new DiagnosticBag();
        OnnxModel model = new ModelBuilder().Input("x", "1,8,4,4").Weights("w", 8, 8, 1, 1).Node("Conv", "x w", "a").Node("Relu", "a", "y").Output("y").Build();

        PlacementPlanner.Plan(model.Graph, TensorFacts.None, TestSettings.Of(QuantizationScheme.Dynamic), new DiagnosticOrigin("m.onnx"), problems);

        Assert.AreEqual(
            "No node of 'm.onnx' can run in integers: Conv: with ranges that are found at every run, the integer kernel is five times slower than "
            + "float (measured). Scheme=Static, with CalibrationData, runs convolutions in integers.",
            problems.Diagnostics.Single().Message);
    }

    [TestMethod]
    [DataRow(QuantizationScheme.Static)]
    [DataRow(QuantizationScheme.Dynamic)]
    public void Plan_Lstm_IsTakenInBothSchemesAndInBodies(object scheme)
    {
        GraphBuilder body = new GraphBuilder().Initializer("v", SeededValues.Tensor("v", -1, 1, 1, 256, 64)).Node("LSTM", "s v v", "b", ("hidden_size", 64)).Output("b");
        ModelBuilder model = Lstm(64).Input("p", "", OnnxElementType.Bool).Node("If", "p", "i", ("then_branch", body), ("else_branch", body));

        PlacementPlan plan = Plan(model, settings => settings with { Scheme = (QuantizationScheme)scheme });

        Assert.AreEqual(3, plan.DynamicNodes.Count);
        Assert.IsTrue(plan.DynamicNodes.All(node => node.Weights.Count == 2 && node.Graph.Nodes.Contains(node.Node)));
        Assert.IsFalse(plan.FloatNodes.Any(node => node.OpType == "LSTM"));
    }

    [TestMethod]
    public void Plan_LstmThatCannot_SaysWhy()
    {
        AssertLstmStays(Lstm(16), "it has only 2048 weights: finding the ranges of its inputs would take longer than computing it in float");
        AssertLstmStays(Lstm(64, ("layout", 1)), "its batch is the first axis (layout), which the integer kernel does not know");
        AssertLstmStays(Model().Node("LSTM", "x x x", "y", ("hidden_size", 4)), "its weights are not float32 constants");
    }

    private static void AssertLstmStays(ModelBuilder model, string reason)
    {
        foreach (QuantizationScheme scheme in new[] { QuantizationScheme.Static, QuantizationScheme.Dynamic })
            Assert.AreEqual(reason, Plan(model, settings => settings with { Scheme = scheme }).FloatNodes.Single().Reason);
    }

    private static ModelBuilder Model() => new ModelBuilder().Input("x", "n,128").Output("y");

    private static ModelBuilder Weights()
    {
        float[] infinite = new float[128 * 128];
        infinite[7] = float.PositiveInfinity;
        return Model().Weights("w", 128, 128).Weights("s", 8, 8).Weights("c", 2, 128, 128).Floats("i", [128, 128], infinite);
    }

    private static ModelBuilder Lstm(int hidden, params (string Name, object Value)[] attributes) => new ModelBuilder().Input("s", $"n,1,{hidden}").Output("y")
        .Weights("w", 1, 4 * hidden, hidden).Node("LSTM", "s w w", "y", [("hidden_size", hidden), .. attributes]);

    private static PlacementPlan Plan(ModelBuilder model, Func<QuantizationSettings, QuantizationSettings>? change = null)
    {
        QuantizationSettings settings = TestSettings.Of(QuantizationScheme.Dynamic);
        return PlacementPlanner.Plan(
            model.Build().Graph, TensorFacts.None, change?.Invoke(settings) ?? settings, new DiagnosticOrigin("model.onnx"), new DiagnosticBag());
    }
}
