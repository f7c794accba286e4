using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Rewriting;

/// <summary>The runtime must not round on its own what was to stay float.</summary>
[TestClass]
public sealed class FloatNodeShieldTests
{
    [TestMethod]
    [DataRow("Conv", null)]
    [DataRow("Conv", "Relu")]
    [DataRow("Conv", "Clip")]
    [DataRow("ConvTranspose", null)]
    [DataRow("ConvTranspose", "Relu")]
    public void Rewrite_FloatProductBetweenIntegers_StaysFloatInTheOptimizedModel(string opType, string? activation)
    {
        ModelBuilder builder = new ModelBuilder().Input("x", "1,16,8,8").Output("y")
            .Weights("w1", 16, 16, 1, 1).Weights("w2", 16, 16, 1, 1).Weights("w3", 16, 16, 1, 1).Floats("low", [], 0).Floats("high", [], 3)
            .Node("Conv", "x w1", "a", ("name", "first"))
            .Node(opType, "a w2", activation is null ? "c" : "b", ("name", "middle"));
        if (activation is not null)
            builder.Node(activation, activation == "Clip" ? "b low high" : "b", "c");
        builder.Node("Conv", "c w3", "y", ("name", "last"));

        QuantizationTrial trial = QuantizationTrial.Of(builder, "middle");

        trial.AssertFuses("Conv", "Conv");
        string[] operators = trial.OptimizedOperators().Split(' ');
        Assert.AreEqual(2, operators.Count(name => name == "QLinearConv"), string.Join(' ', operators));
        Assert.AreEqual(1, operators.Count(name => name is "Conv" or "FusedConv" or "ConvTranspose"), string.Join(' ', operators));
    }

    /// <summary>The runtime's integer Softmax gives zero along an axis of one, and along others when all values are small.</summary>
    [TestMethod]
    [DataRow("n,4,1", 2)]
    [DataRow("n,4,6", 1)]
    [DataRow("n,4,6", 2)]
    public void Rewrite_SoftmaxBetweenIntegers_StaysFloatInTheOptimizedModel(string input, int axis)
    {
        QuantizationTrial trial = QuantizationTrial.Of(Convolutions(input).Node("Softmax", "a", "s", ("axis", axis)).Node("Conv", "s v", "y"));

        trial.AssertFuses("Conv", "Conv");
        CollectionAssert.Contains(trial.OptimizedOperators().Split(' '), "Softmax");
    }

    /// <summary>The runtime takes the conversions past what moves data.</summary>
    [TestMethod]
    public void Rewrite_SoftmaxMovedOnItsWay_StaysFloatInTheOptimizedModel()
    {
        QuantizationTrial trial = QuantizationTrial.Of(Convolutions("n,4,4").Node("Transpose", "a", "t", ("perm", new[] { 0, 2, 1 }))
            .Node("Softmax", "t", "s", ("axis", 1)).Node("Transpose", "s", "u", ("perm", new[] { 0, 2, 1 })).Node("Conv", "u v", "y"));

        trial.AssertFuses("Conv", "Conv");
        CollectionAssert.Contains(trial.OptimizedOperators().Split(' '), "Softmax");
    }

    private static ModelBuilder Convolutions(string input) => new ModelBuilder().Input("x", input).Output("y")
        .Weights("w", 4, 4, 1).Weights("v", 3, 4, 1).Node("Conv", "x w", "a");
}
