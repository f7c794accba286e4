using QuantBuild.Placement;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Placement.Patterns;

[TestClass]
public sealed class ScoresPatternTests
{
    private const string Scores = "the scores of an attention";

    [TestMethod]
    public void ScaleAndAddedMask() =>
        PatternTesting.Nodes("Transpose:x:k, MatMul:x k:p, Div:p root:s, Add:s mask:m, Softmax:m:q, MatMul:q x:y").Input("mask", "n,1,4")
            .AssertFinds(Scores, "s m");

    [TestMethod]
    public void ScoresChosenByAMask() =>
        PatternTesting.Nodes("Transpose:x:k, MatMul:x k:p, Where:keep p other:m, Softmax:m:q, MatMul:q x:y")
            .Input("keep", "n,1,4", QuantBuild.Onnx.OnnxElementType.Bool).Input("other", "1").AssertFinds(Scores, "m");

    [TestMethod]
    [DataRow("masked")]
    [DataRow("least")]
    public void MaskOfHugeNegativeNumbers_WhereverItIs(string value) =>
        PatternTesting.Nodes($"Sub:one x:i, Mul:i {value}:m, MatMul:x w:v, Add:v {value}:a, Softmax:a:y").AssertFinds("a mask", "m a");

    [TestMethod]
    public void BiasOfAClassifier_IsNone() => PatternTesting.Nodes("MatMul:x w:v, Add:v offset:a, Softmax:a:y").AssertFinds("", "");

    [TestMethod]
    public void ResidualBeforeAClassifier_IsNone() =>
        PatternTesting.Nodes("MatMul:x w:v, Add:v x:a, Mul:a half:h, Softmax:h:y").AssertFinds("", "");

    [TestMethod]
    public void Plan_MaskBehindAProduct_TakesTheProductAlong()
    {
        PlacementPlan plan = PatternTesting.Nodes("MatMul:x w:v, Add:v hidden:a, Softmax:a:y")
            .Floats("hidden", [8], 0, 0, 0, 0, -1e9f, -1e9f, 0, 0).Plan();

        plan.AssertStaysFloat("a", "part of a mask: it needs floats");
        plan.AssertStaysFloat("v", "the runtime merges it with what is behind it, part of a mask: it needs floats");
    }
}
