using QuantBuild.Onnx;
using QuantBuild.Preparation;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Preparation;

[TestClass]
public sealed class FoldScalarArithmeticTests
{
    [TestMethod]
    public void Run_PowerOfACast_IsOneConstant()
    {
        (OnnxModel model, PassOutcome outcome) = new FoldScalarArithmetic()
            .Run(Model().Int64s("size", 16).Initializer("power", OnnxTensor.Scalar(-0.5f))
            .Node("Cast", "size", "f", ("to", (int)OnnxElementType.Float)).Node("Pow", "f power", "s").Node("Mul", "x s", "y"));

        OnnxTensor scale = model.Graph.InitializerOf("s")!;
        Assert.AreEqual(0.25f, scale.Floats[0]);
        CollectionAssert.AreEqual(new[] { 1L }, scale.Shape.ToArray());
        Assert.AreEqual(2, outcome.Applied);
    }

    [TestMethod]
    public void Run_VectorOrOutputOrOtherType_Stays()
    {
        new FoldScalarArithmetic().AssertIgnores(Model().Weights("a", 2).Node("Neg", "a", "n").Node("Mul", "x n", "y"));
        new FoldScalarArithmetic().AssertIgnores(Model().Weights("a").Node("Neg", "a", "y"));
        new FoldScalarArithmetic().AssertIgnores(Model().Int64s("a", 3).Node("Sqrt", "a", "n").Node("Neg", "n", "y"));
        new FoldScalarArithmetic()
            .AssertIgnores(Model().Int64s("a", 3).Node("Cast", "a", "n", ("to", (int)OnnxElementType.Double)).Node("Neg", "n", "y"));
    }

    private static ModelBuilder Model() => new ModelBuilder().Input("x", "2").Output("y");
}
