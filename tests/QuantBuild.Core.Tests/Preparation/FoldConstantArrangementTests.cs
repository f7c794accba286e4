using QuantBuild.Onnx;
using QuantBuild.Preparation;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Preparation;

[TestClass]
public sealed class FoldConstantArrangementTests
{
    [TestMethod]
    public void Run_ConstantThatSomethingElseReadsToo_Stays() =>
        new FoldConstantArrangement().AssertIgnores(
            new ModelBuilder().Input("x", "2,3").Weights("w", 2, 3).Node("Transpose", "w", "t").Node("Add", "x w", "a").Node("MatMul", "a t", "y").Output("y"));

    [TestMethod]
    public void Run_PositionsThatAreNotConstant_Stays() =>
        new FoldConstantArrangement().AssertIgnores(
            new ModelBuilder().Input("s", "1", OnnxElementType.Int64).Weights("w", 4, 3).Int64s("e", 4).Node("Slice", "w s e", "t").Node("Relu", "t", "y").Output("y"));

    [TestMethod]
    public void Run_OutputOfTheGraph_StaysANode() =>
        new FoldConstantArrangement().AssertIgnores(new ModelBuilder().Input("x", "1").Weights("w", 4, 3).Node("Transpose", "w", "y").Output("y"));

    [TestMethod]
    public void Run_Activation_Stays() =>
        new FoldConstantArrangement().AssertIgnores(
            new ModelBuilder().Input("x", "n,3").Weights("w", 4, 3).Node("Concat", "x w", "c", ("axis", 0)).Node("Relu", "c", "y").Output("y"));
}
