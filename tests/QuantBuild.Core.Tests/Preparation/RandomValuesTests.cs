using QuantBuild.Onnx;
using QuantBuild.Preparation;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Preparation;

[TestClass]
public sealed class RandomValuesTests
{
    [TestMethod]
    public void Of_WhatFollowsFromRandomNumbers() =>
        AssertRandom("r a", Model().Node("RandomNormalLike", "x", "r").Node("Neg", "x", "n").Node("Add", "r n", "a"));

    [TestMethod]
    [DataRow("on", "d m")]
    [DataRow("given", "d m")]
    [DataRow("off", "")]
    public void Of_DropoutThatMayTrain(string training, string random) => AssertRandom(
        random,
        Model().Initializer("on", OnnxTensor.Create(OnnxElementType.Bool, [], [true]))
            .Initializer("off", OnnxTensor.Create(OnnxElementType.Bool, [], [false]))
            .Input("given", "", OnnxElementType.Bool).Node("Dropout", $"x - {training}", "d m"));

    [TestMethod]
    public void Of_BodiesThatDrawOrReadRandomNumbers()
    {
        GraphBuilder draws = new GraphBuilder().Node("RandomUniformLike", "x", "u").Output("u");
        GraphBuilder reads = new GraphBuilder().Node("Neg", "r", "n").Output("n");
        GraphBuilder neither = new GraphBuilder().Node("Neg", "x", "m").Output("m");

        AssertRandom("a r b", Model().Input("c", "", OnnxElementType.Bool)
            .Node("If", "c", "a", ("then_branch", draws), ("else_branch", neither))
            .Node("RandomNormalLike", "x", "r").Node("If", "c", "b", ("then_branch", reads), ("else_branch", neither))
            .Node("If", "c", "d", ("then_branch", neither), ("else_branch", neither)));
    }

    [TestMethod]
    public void Of_OperatorOfAnotherDomain_IsNotKnownToBeRandom() =>
        AssertRandom("", Model().Domain("own", 1).Node("RandomNormalLike", "x", "r", ("domain", "own")));

    private static ModelBuilder Model() => new ModelBuilder().Input("x", "3");

    private static void AssertRandom(string expected, ModelBuilder model) =>
        Assert.AreEqual(expected, string.Join(' ', RandomValues.Of(model.Build().Graph)));
}
