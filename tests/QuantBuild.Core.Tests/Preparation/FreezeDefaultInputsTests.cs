using QuantBuild.Onnx;
using QuantBuild.Preparation;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Preparation;

[TestClass]
public sealed class FreezeDefaultInputsTests
{
    [TestMethod]
    public void Run_InitializerListedAsInput_IsListedNoMore()
    {
        (OnnxModel model, PassOutcome outcome) = new FreezeDefaultInputs().Run(
            new ModelBuilder(7).Input("x", "3").Weights("w", 3).AsInput("w").Node("Add", "x w", "y").Output("y"));

        Assert.IsFalse(model.Graph.IsDeclaredInput("w"));
        Assert.IsTrue(model.Graph.IsInitializer("w"));
        Assert.AreEqual(1, outcome.Applied);
    }

    [TestMethod]
    public void Run_InputsOfABody_StayByPosition() =>
        new FreezeDefaultInputs()
            .AssertIgnores(new ModelBuilder().Input("x", "3").Int64s("trips", 2)
            .Initializer("go", OnnxTensor.Create<byte>(OnnxElementType.Bool, [], [1]))
            .Node("Loop", "trips go x", "y",
                ("body", new GraphBuilder().Input("i", "", OnnxElementType.Int64).Input("c", "", OnnxElementType.Bool).Input("v", "3")
                .Initializer("v", OnnxTensor.Float([3], [1, 2, 3])).Node("Identity", "c", "c2").Node("Neg", "v", "v2").Output("c2")
                    .Output("v2")))
            .Output("y"));
}
