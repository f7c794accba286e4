using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Preparation;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Preparation;

/// <summary>Branches, loops and functions: taking them apart must not change a single bit.</summary>
[TestClass]
public sealed class ControlFlowPassesTests
{
    [TestMethod]
    public void InlineDecidedIf_OutputsOfEveryKind_SameBits()
    {
        // A value of the branch, a constant of it, a value from outside, and a value that is read in the branch too.
        GraphBuilder taken = new GraphBuilder().Initializer("k", OnnxTensor.Float([3], [1, 2, 3])).Node("Mul", "x k", "m").Node("Identity", "x", "o")
            .Node("Exp", "m", "p").Output("m").Output("k").Output("o").Output("p");
        ModelBuilder model = new ModelBuilder().Input("x", "3").Initializer("c", OnnxTensor.Create(OnnxElementType.Bool, [1], [true]))
            .Node("If", "c", "a b d e", ("then_branch", taken), ("else_branch", Four("Neg"))).Node("Relu", "e", "f")
            .Output("a").Output("b").Output("d").Output("f");

        OnnxModel after = Oracle.AssertSameBits(model, new InlineDecidedIf(), SeededValues.FloatInput("x", 3));

        Assert.IsFalse(after.Graph.Nodes.Any(node => node.Is("If")));
    }

    [TestMethod]
    public void NameBodiesApart_EqualNamesInBranchesAndLoops_SameBits()
    {
        GraphBuilder body = new GraphBuilder().Input("i", "", OnnxElementType.Int64).Input("go", "", OnnxElementType.Bool).Input("v", "3")
            .Node("If", "c", "w", ("then_branch", Scaled("Relu")), ("else_branch", Scaled("Neg")))
            .Node("Identity", "go", "t").Output("t", "", OnnxElementType.Bool).Output("w", "3");
        ModelBuilder model = new ModelBuilder().Input("v", "3").Input("c", "", OnnxElementType.Bool)
            .Initializer("n", OnnxTensor.Create(OnnxElementType.Int64, [], [3L])).Node("Abs", "v", "x")
            .Node("Loop", "n - x", "y", ("body", body)).Output("y");

        Oracle.AssertSameBits(model, new NameBodiesApart(), SeededValues.FloatInput("v", 3), Truth("c", true));
        Oracle.AssertSameBits(model, new NameBodiesApart(), SeededValues.FloatInput("v", 3), Truth("c", false));
    }

    [TestMethod]
    public void MoveConstantsIntoBodies_ScanAndBranch_SameBits()
    {
        GraphBuilder body = new GraphBuilder().Input("s", "3").Input("e", "3").Node("Mul", "e w", "m").Node("Add", "s m", "z")
            .Node("Identity", "z", "o").Output("z", "3").Output("o", "3");
        ModelBuilder model = new ModelBuilder().Input("x", "4,3").Input("c", "", OnnxElementType.Bool).Weights("w", 3).Weights("u", 3).Floats("zero", [3], 0, 0, 0)
            .Node("Scan", "zero x", "last all", ("body", body), ("num_scan_inputs", 1))
            .Node("If", "c", "y", ("then_branch", new GraphBuilder().Node("Mul", "last u", "t").Output("t")),
                ("else_branch", new GraphBuilder().Node("Neg", "last", "f").Output("f")))
            .Output("y").Output("all");

        OnnxModel after = Oracle.AssertSameBits(model, new MoveConstantsIntoBodies(), SeededValues.FloatInput("x", 4, 3), Truth("c", true));

        CollectionAssert.AreEqual(new[] { "zero" }, after.Graph.InitializerNames.ToArray());
    }

    [TestMethod]
    public void InlineFunctions_BodiesOptionalInputsAndAttributes_SameBits()
    {
        GraphBuilder branch = new GraphBuilder().Node("Softmax", "a", "t", ("axis", new AttributeReference("axis", 0))).Output("t");
        ModelBuilder model = new ModelBuilder().Domain("own", 1).Input("x", "2,3").Input("c", "", OnnxElementType.Bool).Floats("low", [], -0.5f)
            .Function("own", "Choose", "a flag low", "b e", [("axis", 1)], new GraphBuilder()
                .Node("If", "flag", "r", ("then_branch", branch), ("else_branch", new GraphBuilder().Node("Neg", "a", "t").Output("t")))
                .Node("Clip", "r low", "b").Node("Exp", "a", "e"))
            .Function("own", "Two", "a flag", "b", [], new GraphBuilder().Node("Choose", "a flag", "t u", ("domain", "own"), ("axis", 0)).Node("Add", "t u", "b"))
            .Node("Choose", "x c low", "p q", ("domain", "own")).Node("Two", "q c", "r", ("domain", "own")).Node("Choose", "r c", "y v", ("domain", "own"))
            .Output("p").Output("y");

        foreach (bool flag in new[] { true, false })
        {
            OnnxModel after = Oracle.AssertSameBits(model, new InlineFunctions(), SeededValues.FloatInput("x", 2, 3), Truth("c", flag));
            Assert.IsTrue(after.Graph.Nodes.All(node => node.Domain.Length == 0));
        }
    }

    [TestMethod]
    public void InlineFunctions_AnotherOpset_StaysAsItMeansSomethingElse()
    {
        // Softmax took all axes from the second on together until opset 12, and one axis since.
        ModelBuilder model = new ModelBuilder(opset: 17).Domain("own", 1).Input("x", "2,3,4")
            .Function("own", "Old", "a", "b", [], new GraphBuilder().Node("Softmax", "a", "b", ("axis", 1)), opset: 12)
            .Function("own", "New", "a", "b", [], new GraphBuilder().Node("Old", "a", "c", ("domain", "own")).Node("Softmax", "c", "b", ("axis", 1)))
            .Node("New", "x", "y", ("domain", "own")).Output("y");

        OnnxModel after = Oracle.AssertSameBits(model, new InlineFunctions(), SeededValues.FloatInput("x", 2, 3, 4));

        CollectionAssert.AreEqual(new[] { "Old", "Softmax" }, after.Graph.Nodes.Select(node => node.OpType).ToArray());
        Assert.AreEqual("Old", after.Functions.Single().Name);
    }

    private static InputTensor Truth(string name, bool value) => new(name, OnnxElementType.Bool, [], new[] { value ? (byte)1 : (byte)0 });

    private static GraphBuilder Four(string opType) => new GraphBuilder().Node(opType, "x", "n1").Node(opType, "x", "n2").Node(opType, "x", "n3")
        .Node(opType, "x", "n4").Output("n1").Output("n2").Output("n3").Output("n4");

    private static GraphBuilder Scaled(string opType) => new GraphBuilder().Initializer("k", OnnxTensor.Float([3], [1, 2, 3]))
        .Node(opType, "v", "t").Node("Mul", "t k", "m").Output("m");
}
