using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Placement;

[TestClass]
public sealed class PlacementPlannerTests
{
    private static readonly QuantizationSettings Settings = new()
    {
        DisplayPath = "model.onnx", ModelPath = "model.onnx", Name = "model", ClassName = "Model", Scheme = QuantizationScheme.Static,
    };

    [TestMethod]
    public void Plan_FollowerOfAFloatValue_StaysFloat() =>
        Chain().Node("MaxPool", "x", "p").Node("Conv", "p w", "y").Plan()
            .AssertStaysFloat("p", "not all of its inputs come in integers");

    [TestMethod]
    public void Plan_OneFloatBranch_KeepsTheAdditionFloat() =>
        Chain().Node("Conv", "x w", "a").Node("Exp", "x", "e").Node("Add", "a e", "s").Node("Conv", "s w", "y").Plan()
            .AssertStaysFloat("s", "not all of its inputs come in integers");

    [TestMethod]
    public void Plan_ChainBehindAGemm_StaysFloat() =>
        Chain().Node("Gemm", "x w", "a").Node("Reshape", "a w", "r").Node("Gemm", "r w", "y").Plan()
            .AssertStaysFloat("r", "not all of its inputs come in integers");

    [TestMethod]
    public void Plan_FollowersNobodyReadsInIntegers_AllStayFloat()
    {
        PlacementPlan plan = Chain().Node("Conv", "x w", "a").Node("GlobalAveragePool", "a", "g").Node("Flatten", "g", "f")
            .Node("Exp", "f", "y")
            .Plan();

        plan.AssertStaysFloat("g", "nothing behind it runs in integers");
        plan.AssertStaysFloat("f", "nothing behind it runs in integers");
        CollectionAssert.AreEqual(new[] { "Conv" }, plan.PlannedOperators());
    }

    [TestMethod]
    public void Plan_AdditionOfTwoThatOnlyAnOutputReads_KeepsItsReluFloatToo()
    {
        PlacementPlan plan = Chain().Node("Conv", "x w", "a").Node("Conv", "x w", "b").Node("Add", "a b", "s").Node("Relu", "s", "y")
            .Plan();

        plan.AssertStaysFloat("s", "nothing behind it runs in integers");
        plan.AssertStaysFloat("y", "no integer kernel in front of it can cut its output there");
    }

    [TestMethod]
    public void Plan_FollowerReadByFloatAndInteger_IsPlanned()
    {
        PlacementPlan plan = Chain().Output("z").Node("Conv", "x w", "a").Node("MaxPool", "a", "p").Node("Conv", "p w", "y")
            .Node("Exp", "p", "z")
            .Plan();

        CollectionAssert.AreEqual(new[] { "Conv", "MaxPool", "Conv" }, plan.PlannedOperators());
    }

    [TestMethod]
    public void Plan_ProductReadByIntegersOnly_GivesFloatsThatTheReaderQuantizes()
    {
        PlacementPlan plan = Chain().Node("Gemm", "x w", "h").Node("Gemm", "h w", "y").Plan();

        Assert.IsFalse(plan.Nodes[0].QuantizesOutput);
        Assert.AreEqual(new PlannedActivation("h", null, null), plan.Activation("h"));
    }

    [TestMethod]
    [DataRow(true, false)]
    [DataRow(false, true)]
    public void Plan_ProductReadByIntegersAndElsewhere_IsQuantizedForAll(bool isOutput, bool hasFloatReader)
    {
        ModelBuilder model = Chain().Node("Gemm", "x w", "h").Node("Gemm", "h w", "y");
        if (isOutput)
            model.Output("h");
        if (hasFloatReader)
            model.Output("z").Node("Exp", "h", "z");

        PlacementPlan plan = model.Plan();

        Assert.IsTrue(plan.Nodes[0].QuantizesOutput);
        Assert.AreEqual(new PlannedActivation("h", 0, null), plan.Activation("h"));
        Assert.IsFalse(plan.Nodes[1].QuantizesOutput);
    }

    [TestMethod]
    public void Plan_NodeWithBody_NodesOfTheBodyAreJudgedThemselves()
    {
        // The first reads what is around it and its weights there; the second reads a value that no run showed.
        GraphBuilder seen = new GraphBuilder().Node("Conv", "x w", "t").Output("t");
        GraphBuilder unseen = new GraphBuilder().Node("Exp", "x", "never").Node("Conv", "never w", "e").Output("e");

        PlacementPlan plan = Chain().Input("c", "", OnnxElementType.Bool).Node("If", "c", "y", ("then_branch", seen), ("else_branch", unseen))
            .Plan(("t", PlacementTesting.Float(4, 4)));

        plan.AssertStaysFloat("y", "it computes nothing itself: the nodes in its body are listed by themselves");
        plan.AssertStaysFloat("e", "its values were never seen: no sample reached this branch or loop, or their shapes change from one iteration to the next");
        CollectionAssert.AreEqual(new[] { "t" }, plan.Nodes.Select(node => node.Output).ToArray());
        Assert.IsTrue(plan.Activations.All(activation => activation.Body is not null));
    }

    [TestMethod]
    public void Plan_OperatorOfAnotherDomain_StaysFloat() =>
        Chain().Domain("com.example", 1).Node("Conv", "x w", "y", ("domain", "com.example")).Plan()
            .AssertStaysFloat("y", "operators of the domain 'com.example' are left as they are");

    [TestMethod]
    public void Plan_ExcludedByNodeName_StaysFloat() =>
        Named().AssertExcluded(Settings with { ExcludedNodes = ["first"] }, "first", "excluded by ExcludedNodes");

    [TestMethod]
    public void Plan_ExcludedByNameOfItsOutput_StaysFloat() =>
        Named().AssertExcluded(Settings with { ExcludedNodes = ["a"] }, "first", "excluded by ExcludedNodes");

    [TestMethod]
    public void Plan_ExcludedByOperator_StaysFloat() =>
        Named().AssertExcluded(Settings with { ExcludedOperators = ["Conv"] }, "first", "excluded by ExcludedOperators");

    [TestMethod]
    public void Plan_ActivationBehindIsExcluded_StaysWhereItIs()
    {
        (PlacementPlan plan, _) = Chain().Node("Conv", "x w", "a").Node("Relu", "a", "b").Node("Gemm", "b w", "y")
            .Plan(Settings with { ExcludedOperators = ["Relu"] });

        plan.AssertStaysFloat("b", "excluded by ExcludedOperators");
        Assert.AreEqual("a", plan.Nodes[0].Output);
        Assert.AreEqual(0, plan.Nodes[0].Absorbed.Count);
    }

    [TestMethod]
    [DataRow("firts", null, "node 'firts'. Did you mean 'first'?")]
    [DataRow("First", null, "node 'First'. Did you mean 'first'?")]
    [DataRow("unrelated", null, "node 'unrelated'. The report")]
    [DataRow("S", null, "node 'S'. These contain it: 'first', 'second'.")]
    [DataRow(null, "conv", "operator 'conv'. Did you mean 'Conv'?")]
    public void Plan_ExclusionOfWhatIsNotThere_QB5002(string? node, string? opType, string named)
    {
        (_, DiagnosticBag problems) = Named().Plan(Settings with
        {
            ExcludedNodes = node is null ? [] : [node], ExcludedOperators = opType is null ? [] : [opType],
        });

        Diagnostic problem = problems.Diagnostics.Single();
        Assert.AreEqual(DiagnosticCatalogue.UnknownNode, problem.Descriptor);
        StringAssert.Contains(problem.Message, named);
        Assert.AreEqual(node is null ? "ExcludedOperators" : "ExcludedNodes", problem.Origin!.Setting);
    }

    [TestMethod]
    public void Plan_NothingRunsInIntegers_QB5001WithEveryReasonAndItsOperators()
    {
        (PlacementPlan plan, DiagnosticBag problems) = Chain().Node("Exp", "x", "a").Node("Exp", "a", "b").Node("MaxPool", "b", "y")
            .Plan(Settings);

        Assert.AreEqual(3, plan.FloatNodes.Count);
        Assert.AreEqual(DiagnosticCatalogue.NothingToQuantize, problems.Diagnostics.Single().Descriptor);
        StringAssert.Contains(problems.Diagnostics[0].Message, ": Exp: the runtime does this arithmetic in float only; MaxPool: ");
    }

    [TestMethod]
    [DataRow(QuantizationScheme.WeightOnly)]
    [DataRow(QuantizationScheme.Float16)]
    [DataRow(QuantizationScheme.None)]
    public void Plan_SchemeThatComputesInFloat_PlansNothingAndComplainsOfNothing(object scheme)
    {
        (PlacementPlan plan, DiagnosticBag problems) = Named().Plan(Settings with { Scheme = (QuantizationScheme)scheme });

        Assert.AreEqual(0, plan.Nodes.Count + plan.Activations.Count + problems.Diagnostics.Count);
        Assert.IsTrue(plan.FloatNodes.All(node => node.Reason == $"Scheme={scheme} computes in float"));
    }

    private static ModelBuilder Chain() => new ModelBuilder().Input("x", "n,4").Output("y").Weights("w", 4, 4);

    private static ModelBuilder Named() =>
        Chain().Node("Conv", "x w", "a", ("name", "first")).Node("Gemm", "a w", "y", ("name", "second"));
}

file static class PlanningWithSettings
{
    public static (PlacementPlan Plan, DiagnosticBag Problems) Plan(this ModelBuilder builder, QuantizationSettings settings)
    {
        OnnxGraph graph = builder.Build().Graph;
        var problems = new DiagnosticBag();
        return (PlacementPlanner.Plan(graph, PlacementTesting.Facts(graph), settings, new DiagnosticOrigin("model.onnx"), problems), problems);
    }

    public static void AssertExcluded(this ModelBuilder builder, QuantizationSettings settings, string node, string reason)
    {
        (PlacementPlan plan, DiagnosticBag problems) = builder.Plan(settings);
        plan.AssertStaysFloat(node, reason);
        CollectionAssert.AreEqual(new[] { "Gemm" }, plan.PlannedOperators());
        CollectionAssert.AreEqual(new[] { "w" }, plan.FloatWeights.ToArray());
        Assert.AreEqual(0, problems.Diagnostics.Count);
    }
}
