using QuantBuild.Onnx;
using QuantBuild.Preparation;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Preparation;

[TestClass]
public sealed class InlineFunctionsTests
{
    [TestMethod]
    public void Run_NestedFunctions_NothingCallsAFunction()
    {
        (OnnxModel model, PassOutcome outcome) = new InlineFunctions().Run(new ModelBuilder().Domain("own", 1).Input("x", "3")
            .Function("own", "Twice", "a", "b", [], Nodes().Node("Add", "a a", "b"))
            .Function("own", "Four", "a", "b", [], Nodes().Node("Twice", "a", "t", ("domain", "own")).Node("Twice", "t", "b", ("domain", "own")))
            .Node("Four", "x", "m", ("domain", "own"), ("name", "f")).Node("Twice", "m", "y", ("domain", "own")).Output("y"));

        CollectionAssert.AreEqual(new[] { "Add", "Add", "Add" }, model.Operators());
        Assert.AreEqual("f/t", model.Graph.Nodes[0].Outputs[0]);
        Assert.AreEqual(0, model.Functions.Count);
        Assert.AreEqual(4, outcome.Applied);
    }

    [TestMethod]
    public void Run_Attributes_GivenDefaultOrLeftOut()
    {
        (OnnxModel model, _) = new InlineFunctions().Run(new ModelBuilder().Domain("own", 1).Input("x", "3")
            .Function("own", "Soft", "a", "b", ["axis"], Nodes().Node("Softmax", "a", "b", ("axis", new AttributeReference("axis", 0))))
            .Function("own", "Leaky", "a", "b", [("alpha", 0.5f)], Nodes().Node("LeakyRelu", "a", "b", ("alpha", new AttributeReference("alpha", 0f))))
            .Node("Soft", "x", "p", ("domain", "own"), ("axis", 0)).Node("Soft", "p", "q", ("domain", "own"))
            .Node("Leaky", "q", "r", ("domain", "own")).Node("Leaky", "r", "y", ("domain", "own"), ("alpha", 0.25f)).Output("y"));

        Assert.AreEqual(0, model.Graph.Nodes[0].GetInt("axis", -1));
        Assert.IsFalse(model.Graph.Nodes[1].HasAttribute("axis"));
        Assert.AreEqual(0.5f, model.Graph.Nodes[2].GetFloat("alpha", 0));
        Assert.AreEqual(0.25f, model.Graph.Nodes[3].GetFloat("alpha", 0));
    }

    [TestMethod]
    public void Run_OutputThatIsAnInput_IsCopied()
    {
        (OnnxModel model, _) = new InlineFunctions().Run(new ModelBuilder().Domain("own", 1).Input("x", "3")
            .Function("own", "Both", "a", "b a", [], Nodes().Node("Neg", "a", "b"))
            .Node("Both", "x", "y z", ("domain", "own")).Output("y").Output("z"));

        CollectionAssert.AreEqual(new[] { "Neg", "Identity" }, model.Operators());
        Assert.AreEqual("x", model.Graph.Nodes[1].Inputs[0]);
        Assert.AreEqual("z", model.Graph.Nodes[1].Outputs[0]);
    }

    [TestMethod]
    public void Run_NoFunctions_Ignores() =>
        new InlineFunctions().AssertIgnores(new ModelBuilder().Input("x", "3").Node("Relu", "x", "y").Output("y"));

    [TestMethod]
    public void FindProblem_FunctionsThatCallEachOther_Named()
    {
        OnnxModel model = new ModelBuilder().Domain("own", 1).Input("x", "3")
            .Function("own", "Ping", "a", "b", [], Nodes().Node("Pong", "a", "b", ("domain", "own")))
            .Function("own", "Pong", "a", "b", [], Nodes().Node("Ping", "a", "b", ("domain", "own")))
            .Node("Ping", "x", "y", ("domain", "own")).Output("y").Build();

        Assert.AreEqual("the function 'Ping' calls itself", ModelChecker.FindProblem(model));
    }

    private static GraphBuilder Nodes() => new();
}
