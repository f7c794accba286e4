using QuantBuild.Differentiation;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Differentiation;

/// <summary>Values whose shapes do not fit a node, or for which it would take too much: where a model mixes samples, a block sees such ones.</summary>
[TestClass]
public sealed class RefusedShapesTests
{
    [TestMethod]
    public void MatMul_OtherDepth_IsRefused() => AssertRefused(
        "it multiplies rows of 3 with columns of 4", new ModelBuilder().Node("MatMul", "x z", "y"), new DenseTensor([2, 3], new float[6]), Square(4));

    [TestMethod]
    public void Gemm_OtherDepth_IsRefused() => AssertRefused(
        "it multiplies rows of 2 with columns of 4", new ModelBuilder().Node("Gemm", "x z", "y", ("transA", 1)), new DenseTensor([2, 3], new float[6]), Square(4));

    [TestMethod]
    public void Gemm_OtherRank_IsRefused() => AssertRefused(
        "it multiplies a tensor of 3 axes", new ModelBuilder().Node("Gemm", "x z", "y"), new DenseTensor([2, 4, 4], new float[32]), Square(4));

    [TestMethod]
    [DataRow(2, 5)]
    [DataRow(2, 3)]
    public void Concat_OtherAxesDiffer_IsRefused(int rows, int columns) => AssertRefused(
        "it joins tensors whose other axes differ",
        new ModelBuilder().Node("Concat", "x z", "y", ("axis", 0)), new DenseTensor([rows, columns], new float[rows * columns]), Square(4));

    [TestMethod]
    public void Split_MorePositionsThanThereAre_IsRefused() => AssertRefused(
        "of an axis with 4", new ModelBuilder().Int64s("l", 2, 6).Node("Split", "x l", "y z", ("axis", 1)), Square(4));

    [TestMethod]
    public void Gather_PositionBehindTheEnd_IsRefused() => AssertRefused(
        "it reads position 7 of an axis with 4",
        new ModelBuilder().Initializer("i", OnnxTensor.Create(OnnxElementType.Int64, [], [7L])).Node("Gather", "x i", "y", ("axis", 0)), Square(4));

    [TestMethod]
    [DataRow("MaxPool")]
    [DataRow("AveragePool")]
    public void Pool_WindowInPadding_IsRefused(string opType) => AssertRefused(
        "it has a window that sees padding alone",
        new ModelBuilder(19).Node(opType, "x", "y", ("kernel_shape", new[] { 2 }), ("dilations", new[] { 3 }), ("pads", new[] { 2, 2 })),
        new DenseTensor([1, 1, 2], [1, 2]));

    /// <summary>2 · 225 products for each of 211,600 positions: 363 MB.</summary>
    [TestMethod]
    public void Conv_LargeWindowsOfALargeImage_AreRefused() => AssertRefused(
        "its windows take more than 256 MB",
        new ModelBuilder().Weights("w", 1, 2, 15, 15).Node("Conv", "x w", "y", ("pads", new[] { 7, 7, 7, 7 })),
        new DenseTensor([1, 2, 460, 460], new float[2 * 460 * 460]));

    private static DenseTensor Square(int size) => new([size, size], new float[size * size]);

    private static void AssertRefused(string why, ModelBuilder model, params DenseTensor[] inputs)
    {
        string[] names = [.. new[] { "x", "z" }.Take(inputs.Length)];
        foreach (string name in names)
            model.Input(name, "");
        OnnxGraph graph = model.Output("y").Build().Graph;
        NodeProgram program = NodeProgram.Of(graph.Nodes, graph, names, "y");

        var exception = Assert.ThrowsExactly<NotDifferentiableException>(() => new ProgramRun(program, program.Constants, []).Forward(inputs));

        StringAssert.Contains(exception.Message, why);
    }
}
