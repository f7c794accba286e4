using QuantBuild.Onnx;
using QuantBuild.Preparation;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Preparation;

[TestClass]
public sealed class InlineDecidedIfTests
{
    [TestMethod]
    [DataRow(16000, "Relu")]
    [DataRow(8000, "Neg")]
    public void Run_ConditionOfConstants_OnlyTheBranchIsLeft(int rate, string operatorLeft)
    {
        (OnnxModel model, PassOutcome outcome) = new InlineDecidedIf().Run(WithIf(new ModelBuilder().Int64s("sr", rate).Int64s("limit", 16000)
            .Node("Equal", "sr limit", "c")));

        CollectionAssert.AreEqual(new[] { "Equal", operatorLeft, "Identity" }, model.Operators());
        Assert.AreEqual(1, outcome.Applied);
        Assert.AreEqual(0, outcome.Declined.Count);
    }

    [TestMethod]
    [DataRow("Less", "And", 16000, false)]
    [DataRow("Less", "Or", 16000, true)]
    [DataRow("Greater", "Xor", 8000, true)]
    [DataRow("GreaterOrEqual", "And", 16000, true)]
    public void Run_ConditionOfSeveralComparisons_IsEvaluated(string comparison, string combination, int rate, bool isThen)
    {
        (OnnxModel model, _) = new InlineDecidedIf().Run(WithIf(new ModelBuilder()
            .Initializer("sr", OnnxTensor.Create(OnnxElementType.Int64, [], [(long)rate]))
            .Initializer("limit", OnnxTensor.Create(OnnxElementType.Int64, [], [16000L]))
            .Initializer("flag", OnnxTensor.Create(OnnxElementType.Int32, [], [1]))
            .Node(comparison, "sr limit", "l").Node("Cast", "flag", "f", ("to", (int)OnnxElementType.Bool)).Node("Not", "f", "n").Node("Not", "n", "yes")
            .Node(combination, "l yes", "c")));

        CollectionAssert.AreEqual(new[] { isThen ? "Relu" : "Neg", "Identity" }, model.Operators()[^2..]);
    }

    [TestMethod]
    public void Run_BranchThatDecidesTheNext_NothingIsLeft()
    {
        GraphBuilder inner = new GraphBuilder().Node("If", "d", "t",
                ("then_branch", new GraphBuilder().Node("Relu", "x", "t1").Output("t1")),
                ("else_branch", new GraphBuilder().Node("Neg", "x", "e1").Output("e1"))).Output("t");
        ModelBuilder builder = new ModelBuilder().Input("x", "2,5").Int64s("k", 5).Int64s("one", 1)
            .Initializer("c", OnnxTensor.Create(OnnxElementType.Bool, [], [true]))
            .Node("Shape", "x", "s").Node("Gather", "s one", "g").Node("Equal", "g k", "d")
            .Node("If", "c", "y", ("then_branch", inner), ("else_branch", new GraphBuilder().Node("Neg", "x", "e").Output("e"))).Output("y");

        (OnnxModel model, PassOutcome outcome) = new InlineDecidedIf().Run(builder);

        Assert.IsFalse(model.Operators().Contains("If"), string.Join(' ', model.Operators()));
        Assert.AreEqual(2, outcome.Applied);
    }

    [TestMethod]
    public void Run_BranchBehindWhichNothingRuns_TheOtherIsLeft()
    {
        // x.squeeze(-1) of an exporter that did not know the length, in front of a product of matrices.
        ModelBuilder builder = new ModelBuilder().Input("x", "n,4,t").Weights("w", 4, 5).Int64s("last", -1).Int64s("one", 1)
            .Node("Shape", "x", "s").Node("Gather", "s last", "g").Node("Equal", "g one", "c")
            .Node("If", "c", "v", ("then_branch", new GraphBuilder().Node("Squeeze", "x last", "t").Output("t")),
                ("else_branch", new GraphBuilder().Node("Identity", "x", "e").Output("e")))
            .Node("Gemm", "v w", "y").Output("y");

        (OnnxModel model, _) = new InlineDecidedIf().Run(builder);

        CollectionAssert.AreEqual(new[] { "Shape", "Gather", "Equal", "Squeeze", "Identity", "Gemm" }, model.Operators());
    }

    [TestMethod]
    public void Run_ConditionOfAnInput_Declines() =>
        new InlineDecidedIf().AssertDeclines(
            WithIf(new ModelBuilder().Input("sr", "1", OnnxElementType.Int64).Int64s("limit", 16000).Node("Equal", "sr limit", "c")),
            "its condition 'c' is not known before the model runs");

    [TestMethod]
    public void Run_InsideALoop_BranchIsInlinedThere()
    {
        GraphBuilder body = new GraphBuilder().Input("i", "", OnnxElementType.Int64).Input("go", "", OnnxElementType.Bool).Input("v", "3")
            .Node("If", "c", "w",
                ("then_branch", new GraphBuilder().Initializer("k", OnnxTensor.Scalar(2)).Node("Mul", "v k", "m").Output("m")),
                ("else_branch", new GraphBuilder().Node("Neg", "v", "e").Output("e")))
            .Node("Identity", "go", "again").Output("again", "", OnnxElementType.Bool).Output("w", "3");
        ModelBuilder builder = new ModelBuilder().Input("x", "3").Initializer("c", OnnxTensor.Create(OnnxElementType.Bool, [], [true]))
            .Initializer("n", OnnxTensor.Create(OnnxElementType.Int64, [], [3L])).Node("Loop", "n - x", "y", ("body", body)).Output("y");

        (OnnxModel model, _) = new InlineDecidedIf().Run(builder);

        OnnxGraph loop = model.Graph.Nodes[0].Subgraphs[0];
        CollectionAssert.AreEquivalent(new[] { "Mul", "Identity", "Identity" }, loop.Nodes.Select(node => node.OpType).ToArray());
        Assert.IsTrue(loop.IsInitializer("k"));
    }

    private static ModelBuilder WithIf(ModelBuilder condition) => condition.Input("x", "3")
        .Node("If", "c", "y",
            ("then_branch", new GraphBuilder().Node("Relu", "x", "t").Output("t")),
            ("else_branch", new GraphBuilder().Node("Neg", "x", "e").Output("e")))
        .Output("y");
}
