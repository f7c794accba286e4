namespace QuantBuild.Core.Tests.Placement.Patterns;

[TestClass]
public sealed class LogarithmPatternTests
{
    [TestMethod]
    [DataRow("MatMul:x w:a, Pow:a two:b, MatMul:b bands:c, Clip:c eps:d, Log:d:y", "a b c d", DisplayName = "spectrogram: both layers")]
    [DataRow("MatMul:x w:a, MatMul:a w:b, Relu:b:c, Add:c eps:d, Log:d:y", "b c d", DisplayName = "weights of both signs: the last layer only")]
    [DataRow("MatMul:x w:a, Transpose:a:b, MatMul:x b:c, Abs:c:d, Log:d:y", "c d", DisplayName = "product of activations")]
    [DataRow("MatMul:x w:a, Sigmoid:a:b, Log:b:y", "b", DisplayName = "probability")]
    [DataRow("MatMul:x w:a, Exp:a:b, Add:b one:c, Log:c:y", "c", DisplayName = "softplus: the exponential undoes the logarithm")]
    public void Logarithm_ItsArgumentToTheLayerBefore_IsPart(string nodes, string found) =>
        PatternTesting.Nodes(nodes).PositiveWeights("bands", 8, 8).AssertFinds("the argument of a logarithm", found);

    [TestMethod]
    public void OtherFunctions_AreNone() => PatternTesting.Nodes("MatMul:x w:a, Pow:a two:b, Sqrt:b:y").AssertFinds("", "");
}
