using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Placement;

[TestClass]
public sealed class ChannelAxesTests
{
    [TestMethod]
    [DataRow("Conv", "x w", 4, null, 0L, 0)]
    [DataRow("ConvTranspose", "x w", 4, null, 0L, 1)]
    [DataRow("ConvTranspose", "x w", 4, "group", 2L, 0, DisplayName = "groups share the second axis")]
    [DataRow("MatMul", "x w", 2, null, 0L, 1)]
    [DataRow("MatMul", "w x", 3, null, 0L, 1)]
    [DataRow("Gemm", "x w", 2, null, 0L, 1)]
    [DataRow("Gemm", "x w", 2, "transB", 1L, 0)]
    [DataRow("Gemm", "w x", 2, null, 0L, 0)]
    [DataRow("Gather", "w x", 2, null, 0L, 0)]
    [DataRow("Gather", "w x", 3, "axis", -1L, 2)]
    public void Of_Reader_IsTheAxisOfWhatItGives(string opType, string inputs, int rank, string? attribute, long value, int axis)
    {
        (string, object)[] attributes = attribute is null ? [] : [(attribute, value)];

        Assert.AreEqual(new ChannelAxes(axis), Of(Weight(rank).Node(opType, inputs, "y", attributes)));
    }

    [TestMethod]
    [DataRow("LSTM")]
    [DataRow("GRU")]
    [DataRow("RNN")]
    public void Of_Recurrent_IsEveryRowOfEveryDirection(string opType)
    {
        ModelBuilder model = Weight(3).Node(opType, "x w w", "y");

        Assert.AreEqual(new ChannelAxes(0, 2), Of(model));
        CollectionAssert.AreEqual(new long[] { 2, 3, 1 }, new ChannelAxes(0, 2).ScaleShape([2, 3, 4]));
        CollectionAssert.AreEqual(new long[] { 6, 4 }, new ChannelAxes(0, 2).MergedShape([2, 3, 4]));
    }

    [TestMethod]
    [DataRow("Add", "x w")]
    [DataRow("Gemm", "x x w", DisplayName = "the bias of Gemm")]
    [DataRow("LSTM", "x x x w", DisplayName = "the bias of LSTM")]
    [DataRow("Conv", "x x w")]
    public void Of_ReaderThatDoesNotMultiply_IsNotKnown(string opType, string inputs) => Assert.IsNull(Of(Weight(2).Node(opType, inputs, "y")));

    [TestMethod]
    public void Of_OperatorOfAnotherDomain_IsNotKnown() =>
        Assert.IsNull(Of(Weight(2).Domain("com.microsoft", 1).Node("MatMul", "x w", "y", ("domain", "com.microsoft"))));

    [TestMethod]
    public void Of_TransposedWeight_IsTheAxisBeforeTheTransposition()
    {
        Assert.AreEqual(new ChannelAxes(0), Of(Weight(2).Node("Transpose", "w", "t").Node("MatMul", "x t", "y")));
        Assert.AreEqual(
            new ChannelAxes(1), Of(Weight(3).Node("Transpose", "w", "t", ("perm", new[] { 2, 0, 1 })).Node("MatMul", "x t", "y")));
        Assert.IsNull(Of(Weight(2).Node("Transpose", "w", "t").Node("MatMul", "x t", "a").Node("MatMul", "t x", "y")), "The readers disagree.");
    }

    [TestMethod]
    public void Of_GatesInAnotherOrder_IsTheRow() => Assert.AreEqual(
        new ChannelAxes(0),
        Of(Weight(2).Int64s("zero", 0).Int64s("one", 1).Int64s("two", 2).Node("Slice", "w zero one zero", "a").Node("Slice", "w one two zero", "b")
            .Node("Concat", "b a", "c", ("axis", 0)).Node("Unsqueeze", "c zero", "d").Node("LSTM", "x d d", "y", ("hidden_size", 1))));

    [TestMethod]
    [DataRow("bik,kj->bij", 1, DisplayName = "a product")]
    [DataRow("bik, jk -> bij", 0, DisplayName = "transposed")]
    [DataRow("bik,kj", 1, DisplayName = "no arrow")]
    [DataRow("bij,jk->bk", 1)]
    public void Of_Einsum_IsTheLetterThatOnlyTheWeightHas(string equation, int axis) =>
        Assert.AreEqual(new ChannelAxes(axis), Of(Weight(2).Node("Einsum", "x w", "y", ("equation", equation))));

    [TestMethod]
    [DataRow("...k,kj->...j", DisplayName = "ellipsis")]
    [DataRow("bij,ij->bij", DisplayName = "no letter of its own")]
    [DataRow("bik,kk->bi", DisplayName = "diagonal")]
    public void Of_EinsumWithoutSuchALetter_IsNotKnown(string equation) =>
        Assert.IsNull(Of(Weight(2).Node("Einsum", "x w", "y", ("equation", equation))));

    private static ModelBuilder Weight(int rank) => new ModelBuilder().Input("x", "n,4").Output("y").Weights("w", [.. new long[] { 2, 3, 4, 5 }.Take(rank)]);

    private static ChannelAxes? Of(ModelBuilder model)
    {
        OnnxGraph graph = model.Build().Graph;
        return ChannelAxes.Of(graph.ReadersOf("w").First(), graph.InitializerOf("w")!.Shape);
    }
}
