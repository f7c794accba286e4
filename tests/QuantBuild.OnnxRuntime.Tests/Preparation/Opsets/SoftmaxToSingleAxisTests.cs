using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Preparation.Opsets;

[TestClass]
public sealed class SoftmaxToSingleAxisTests
{
    [TestMethod]
    [DataRow("Softmax", 0)]
    [DataRow("Softmax", 1)]
    [DataRow("Softmax", 2)]
    [DataRow("Softmax", -2)]
    [DataRow("LogSoftmax", 1)]
    [DataRow("Hardmax", 1)]
    public void Raise_AxisNotLast_SeenAsMatrix(string opType, int axis)
    {
        OnnxModel raised = Oracle.AssertRaises(
            new ModelBuilder(11).Input("x", "2,3,4,5").Node(opType, "x", "y", ("axis", axis)).Output("y"),
            SeededValues.FloatInput("x", 2, 3, 4, 5));

        CollectionAssert.AreEqual(new[] { "Shape", "Flatten", opType, "Reshape" },
            raised.Graph.Nodes.Select(node => node.OpType).ToArray());
    }

    [TestMethod]
    [DataRow("Softmax")]
    [DataRow("LogSoftmax")]
    [DataRow("Hardmax")]
    public void Raise_DefaultAxisOfMatrix_StaysOneNode(string opType)
    {
        OnnxModel raised = Oracle.AssertRaises(
            new ModelBuilder(9).Input("x", "n,5").Node(opType, "x", "y").Output("y"), SeededValues.FloatInput("x", 4, 5));

        Assert.AreEqual(1, raised.Graph.Nodes.Count);
    }

    [TestMethod]
    public void Raise_LastAxisBehindConvolutions_StaysOneNode()
    {
        ModelBuilder model = new ModelBuilder(9)
            .Input("x", "n,3,h,w").Weights("w", 4, 3, 3, 3).Node("Conv", "x w", "c")
                .Node("Transpose", "c", "t", ("perm", new[] { 0, 2, 3, 1 }))
            .Node("Softmax", "t", "y", ("axis", 3)).Output("y");

        OnnxModel raised = Oracle.AssertRaises(model, SeededValues.FloatInput("x", 2, 3, 6, 7));

        Assert.AreEqual("Softmax", raised.Graph.ProducerOf("y")!.OpType);
    }

    [TestMethod]
    public void Raise_UnknownRank_SameBits() =>
        Oracle.AssertRaises(
            new ModelBuilder(9).Input("x", null).Node("Softmax", "x", "y", ("axis", 2)).Output("y"), SeededValues.FloatInput("x", 2, 3, 4));
}
