using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Rewriting;

/// <summary>Products of other forms than activations times a matrix of weights run in integer kernels too.</summary>
[TestClass]
public sealed class ProductFormTests
{
    [TestMethod]
    [DataRow(new long[] { 7, 6 })]
    [DataRow(new long[] { 1, 7, 6 })]
    [DataRow(new long[] { 6 })]
    public void MatMul_ConstantOnTheLeft(long[] constant)
    {
        Model("n,6,5").Weights("c", constant).Node("MatMul", "c x", "y").Trial().AssertFuses("MatMul");
        Model("n,6,5").Weights("c", constant).Node("MatMul", "c x", "m").Node("Relu", "m", "y").Trial().AssertFuses("MatMul");
    }

    [TestMethod]
    [DataRow(new long[] { 3, 6, 5 })]
    [DataRow(new long[] { 1, 6, 5 })]
    public void MatMul_StackOfConstantMatrices(long[] constant)
    {
        Model("n,3,7,6").Weights("c", constant).Weights("b", 5).Node("MatMul", "x c", "m").Node("Add", "m b", "y").Trial().AssertFuses("MatMul");
        Model("n,3,7,6").Weights("c", constant).Node("MatMul", "x c", "m").Node("Clip", "m", "y").Trial().AssertFuses("MatMul");
    }

    [TestMethod]
    [DataRow("n,7,6")]
    [DataRow("n,6")]
    public void MatMul_ByAVector(string input)
    {
        Model(input).Weights("c", 6).Node("MatMul", "x c", "y").Trial().AssertFuses("MatMul");
        Model(input).Weights("c", 6).Node("MatMul", "x c", "m").Node("Relu", "m", "y").Trial().AssertFuses("MatMul");
    }

    [TestMethod]
    public void MatMul_OfActivationsByAComputedVector() =>
        Model("n,6,6").Node("ReduceMean", "x", "t", ("axes", new[] { 0, 1 }), ("keepdims", 0)).Node("MatMul", "x t", "y").Trial().AssertFuses("MatMul");

    /// <summary>The runtime makes a Gemm of any two matrices and the Add behind them, in float.</summary>
    [TestMethod]
    [DataRow(new long[] { 6 })]
    [DataRow(new long[] { 6, 6 })]
    public void MatMulAdd_OfTwoMatrices(long[] addend)
    {
        Model("6,6").Weights("c", 6, 6).Weights("b", addend).Node("MatMul", "c x", "m").Node("Add", "m b", "y").Trial().AssertFuses("MatMul");
        Model("6,6").Weights("b", addend).Node("Tanh", "x", "t").Node("MatMul", "x t", "m").Node("Add", "m b", "y").Trial().AssertFuses("MatMul");
        Model("6,6").Weights("c", 6, 6).Weights("b", addend).Node("MatMul", "c x", "m").Node("Add", "m b", "a").Node("Relu", "a", "y").Trial()
            .AssertFuses("MatMul");
    }

    [TestMethod]
    public void MatMulAdd_OfAnActivation() =>
        Model("n,6").Weights("c", 6, 6).Node("Tanh", "x", "t").Node("MatMul", "x c", "m").Node("Add", "m t", "y").Trial().AssertFuses("MatMul");

    [TestMethod]
    public void MatMulAdd_OfTwoProducts() =>
        Model("n,6").Weights("c", 6, 6).Weights("d", 6, 6).Node("Tanh", "x", "t").Node("MatMul", "x c", "m").Node("MatMul", "t d", "o")
            .Node("Add", "m o", "y").Trial().AssertFuses("MatMul", "MatMul");

    private static ModelBuilder Model(string input) => new ModelBuilder().Input("x", input).Output("y");
}
