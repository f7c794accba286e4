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
}
