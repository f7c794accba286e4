using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Onnx;

[TestClass]
public sealed class ModelCheckerTests
{
    [TestMethod]
    public void FindProblem_ValidModel_Null()
    {
        ModelBuilder model = new ModelBuilder().Input("x", "3").Input("c", "", OnnxElementType.Bool).Weights("w", 3).Node("Add", "x w", "a")
            .Node("If", "c", "y", ("then_branch", new GraphBuilder().Node("Neg", "a", "t").Output("t")),
                ("else_branch", new GraphBuilder().Node("Mul", "a w", "e").Output("e")))
            .Output("y");

        Assert.IsNull(ModelChecker.FindProblem(model.Build()));
    }

    [TestMethod]
    public void FindProblem_NothingProducesInput_Named() =>
        AssertProblem(Relu().Node("Add", "x nowhere", "z"), "reads 'nowhere', which nothing produces");

    [TestMethod]
    public void FindProblem_TwoProducers_Named() => AssertProblem(Relu().Node("Neg", "x", "y"), "'y' has two producers");

    [TestMethod]
    public void FindProblem_InitializerProducedToo_Named() =>
        AssertProblem(Relu().Weights("z", 3).Node("Neg", "x", "z"), "'z' has two producers");

    [TestMethod]
    public void FindProblem_Cycle_Named() => AssertProblem(Relu().Node("Add", "x b", "a").Node("Neg", "a", "b"), "part of a cycle");

    [TestMethod]
    public void FindProblem_OutOfOrder_Named() =>
        AssertProblem(Relu().Node("Neg", "late", "z").Node("Neg", "x", "late"), "before the producer of its input 'late'");

    [TestMethod]
    public void FindProblem_OutputWithoutProducer_Named() =>
        AssertProblem(Relu().Output("nowhere"), "the output 'nowhere' has no producer");

    [TestMethod]
    public void FindProblem_NoOperator_Named() => AssertProblem(Relu().Node("", "x", "z"), "'z' has no operator");

    [TestMethod]
    public void FindProblem_NoOutput_Named() => AssertProblem(Relu().Node("Neg", "x", "", ("name", "n")), "Neg 'n' has no output");

    [TestMethod]
    public void FindProblem_NoInput_Named() => AssertProblem(Relu().Node("Neg", "", "z"), "Neg 'z' lacks its first input");

    [TestMethod]
    public void FindProblem_TwoInitializersOfOneName_Named() =>
        AssertProblem(Relu().Weights("w", 3).Weights("w", 4), "two initializers named 'w'");

    [TestMethod]
    public void FindProblem_NamelessInitializer_Named() => AssertProblem(Relu().Weights("", 3), "an initializer has no name");

    [TestMethod]
    public void FindProblem_UnknownType_Named()
    {
        OnnxModel model = Relu().Weights("w", 3).Build();
        model.Proto.Graph.Initializer[0].DataType = 99;

        StringAssert.Contains(ModelChecker.FindProblem(model), "'w' has the unknown type 99");
    }

    [TestMethod]
    public void FindProblem_InsideBody_NamesNodeAndProblem()
    {
        ModelBuilder model = Relu().Input("c", "", OnnxElementType.Bool)
            .Node("If", "c", "z", ("name", "choice"), ("then_branch", new GraphBuilder().Node("Neg", "nowhere", "t").Output("t")));

        AssertProblem(model, "in the body of If 'choice'");
        AssertProblem(model, "reads 'nowhere'");
    }

    [TestMethod]
    public void FindQuantizedOperator_InsideBody_Found()
    {
        OnnxModel model = Relu().Input("c", "", OnnxElementType.Bool)
            .Node("If", "c", "z",
                ("then_branch", new GraphBuilder().Node("DynamicQuantizeLinear", "x", "t s p", ("name", "q")).Output("t"))).Build();

        Assert.AreEqual("DynamicQuantizeLinear (node 'q')", ModelChecker.FindQuantizedOperator(model));
        Assert.IsNull(ModelChecker.FindQuantizedOperator(Relu().Build()));
    }

    private static ModelBuilder Relu() => new ModelBuilder().Input("x", "3").Node("Relu", "x", "y").Output("y");

    private static void AssertProblem(ModelBuilder model, string expected) =>
        StringAssert.Contains(ModelChecker.FindProblem(model.Build()), expected);
}
