using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Preparation.Opsets;

[TestClass]
public sealed class OtherConvertersTests
{
    [TestMethod]
    public void Raise_SpatialBatchNormalization_SameBits() =>
        Oracle.AssertRaises(BatchNormalization(spatial: 1), SeededValues.FloatInput("x", 2, 3, 4));

    [TestMethod]
    public void Raise_BatchNormalizationPerElement_Declines() =>
        StringAssert.Contains(Oracle.AssertDoesNotRaise(BatchNormalization(spatial: 0)), "spatial=0");

    [TestMethod]
    [DataRow(7)]
    [DataRow(10)]
    public void Raise_Dropout_SameBits(int opset) =>
        Oracle.AssertRaises(
            new ModelBuilder(opset).Input("x", "8").Node("Dropout", "x", "y", ("ratio", 0.3f))
                .Output("y"), SeededValues.FloatInput("x", 8));

    [TestMethod]
    [DataRow(9, "type changed")]
    [DataRow(11, "values in inference changed")]
    public void Raise_DropoutWhoseMaskIsRead_Declines(int opset, string reason) =>
        StringAssert.Contains(
            Oracle.AssertDoesNotRaise(new ModelBuilder(opset).Input("x", "8").Node("Dropout", "x", "y mask").Output("y")
                .Output("mask", type: opset < 10 ? OnnxElementType.Float : OnnxElementType.Bool)), reason);

    [TestMethod]
    public void Raise_BatchNormalizationWhoseStatisticsAreRead_SameBits() =>
        Oracle.AssertRaises(BatchNormalization(spatial: 1, "y mean variance savedMean savedVariance").Output("mean"), SeededValues.FloatInput("x", 2, 3, 4));

    [TestMethod]
    public void Raise_Scatter_SameBits() =>
        Oracle.AssertRaises(
            new ModelBuilder(9).Input("x", "3,3").Input("i", "1,3", OnnxElementType.Int64).Weights("u", 1, 3)
                .Node("Scatter", "x i u", "z").Node("Scatter", "z i u", "y", ("axis", 1)).Output("y"),
            SeededValues.FloatInput("x", 3, 3),
            SeededValues.Int64Input("i", [1, 3], 2, 0, 1));

    [TestMethod]
    [DataRow(8, "Scan")]
    [DataRow(7, "ImageScaler")]
    public void Raise_WithdrawnOperator_NamesNode(int opset, string opType)
    {
        string message = Oracle.AssertDoesNotRaise(
            new ModelBuilder(opset).Input("x", "1,3,2,2").Node(opType, "x", "y", ("name", "culprit")).Output("y"));

        StringAssert.Contains(message, $"'culprit' ({opType})");
    }

    [TestMethod]
    public void Raise_InsideIf_BodiesAreRaisedToo()
    {
        GraphBuilder Branch(float bound) => new GraphBuilder()
            .Node("Clip", "x", "clipped", ("min", bound)).Node("Squeeze", "clipped", "out", ("axes", new[] { 0 })).Output("out");
        ModelBuilder model = new ModelBuilder(9)
            .Input("x", "1,4").Input("c", "", OnnxElementType.Bool)
            .Node("If", "c", "y", ("then_branch", Branch(0.5f)), ("else_branch", Branch(-0.5f))).Output("y");

        OnnxModel raised = Oracle.AssertRaises(
            model, SeededValues.FloatInput("x", 1, 4), new Execution.InputTensor("c", OnnxElementType.Bool, [], new byte[] { 1 }));

        Assert.IsTrue(raised.Graph.Nodes[0].Subgraphs.All(
            body => body.Nodes.All(node => !node.HasAttribute("min") && !node.HasAttribute("axes"))));
    }

    private static ModelBuilder BatchNormalization(int spatial, string outputs = "y") =>
        new ModelBuilder(7).Input("x", "2,3,4").Weights("s", 3).Weights("b", 3).Weights("m", 3).PositiveWeights("v", 3)
            .Node("BatchNormalization", "x s b m v", outputs, ("spatial", spatial)).Output("y");
}
