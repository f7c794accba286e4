namespace QuantBuild.Core.Tests.Placement.Patterns;

[TestClass]
public sealed class NormalizationPatternTests
{
    private const string Layer = "a layer normalization";

    [TestMethod]
    [DataRow("Pow:d two:s", DisplayName = "power")]
    [DataRow("Mul:d d:s", DisplayName = "product")]
    public void LayerNorm_AsPyTorchWritesIt(string square) =>
        PatternTesting.Nodes($"MatMul:x w:v, ReduceMean:v:m, Sub:v m:d, {square}, ReduceMean:s:q, Add:q eps:e, Sqrt:e:r, Div:d r:z, Mul:z gain:g, "
            + "Add:g offset:b, MatMul:b w:y").AssertFinds(Layer, "m d s q e r z g b");

    [TestMethod]
    public void LayerNorm_AsTensorFlowWritesIt() =>
        PatternTesting.Nodes("ReduceMean:x:m, Sub:x m:d, Mul:d d:s, ReduceMean:s:q, Add:eps q:e, Sqrt:e:r, Reciprocal:r:i, Mul:i gain:g, Mul:x g:a, "
            + "Mul:m g:c, Sub:offset c:o, Add:a o:b, MatMul:b w:y").AssertFinds(Layer, "m d s q e r i g a c o b");

    [TestMethod]
    public void LayerNorm_ByAPowerOfMinusOneHalf() =>
        PatternTesting.Nodes("ReduceMean:x:m, Sub:x m:d, Pow:d two:s, ReduceMean:s:q, Add:q eps:e, Pow:e minus:r, Mul:d r:z, MatMul:z w:y")
            .AssertFinds(Layer, "m d s q e r z");

    [TestMethod]
    public void RmsNorm() =>
        PatternTesting.Nodes("MatMul:x w:v, Mul:v v:s, ReduceMean:s:q, Add:q eps:e, Sqrt:e:r, Reciprocal:r:i, Mul:v i:z, Mul:gain z:g, MatMul:g w:y")
            .AssertFinds("an RMS normalization", "s q e r i z g");

    [TestMethod]
    [DataRow("ReduceL2:x last:q", "q r z", DisplayName = "norm")]
    [DataRow("Mul:x x:s, ReduceSum:s last:t, Sqrt:t:q", "s t q r z", DisplayName = "sum of squares")]
    public void L2Norm(string norm, string found) =>
        PatternTesting.Nodes($"{norm}, Clip:q eps:r, Div:x r:z, MatMul:z w:y").AssertFinds("an L2 normalization", found);

    [TestMethod]
    public void ReadersBehind_AreNotPartOfIt() =>
        PatternTesting.Nodes("ReduceMean:x:m, Sub:x m:d, Mul:d d:s, ReduceMean:s:q, Sqrt:q:r, Div:d r:z, Add:z x:sum, Mul:sum gain:t, MatMul:t w:y")
            .AssertFinds(Layer, "m d s q r z");

    [TestMethod]
    [DataRow("Mul:x x:s, ReduceMean:s:y", DisplayName = "mean square alone")]
    [DataRow("ReduceMean:x:m, Sub:x m:y", DisplayName = "centring alone")]
    [DataRow("Pow:x three:s, ReduceMean:s:q, Div:x q:y", DisplayName = "cubes")]
    [DataRow("ReduceMean:x:q, Sqrt:q:r, Div:x r:y", DisplayName = "no squares")]
    public void OtherArithmetic_IsNone(string nodes) => PatternTesting.Nodes(nodes).AssertFinds("", "");
}
