using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Preparation.Opsets;

/// <summary>Operators that have no converter because ONNX Runtime computes the same for every version from 7 to 13. A Squeeze in each
/// model gives
/// the opset converter something to do.</summary>
[TestClass]
public sealed class UnchangedOperatorsTests
{
    [TestMethod]
    public void Raise_OneHotWithNegativeIndices_SameBits() =>
        Raises(
            new ModelBuilder(9).Input("x", "4", OnnxElementType.Int64).Int64s("depth", 3).Floats("values", [2], 0, 1)
                .Node("OneHot", "x depth values", "a"),
            SeededValues.Int64Input("x", [4], -1, 0, 2, -3));

    [TestMethod]
    [DataRow("SAME_UPPER")]
    [DataRow("SAME_LOWER")]
    public void Raise_ConvTransposeWithAutomaticPadding_SameBits(string padding) =>
        Raises(
            new ModelBuilder(9).Input("x", "1,2,5,5").Weights("w", 2, 3, 4, 3)
                .Node("ConvTranspose", "x w", "a", ("auto_pad", padding), ("strides", new[] { 1, 2 })),
            SeededValues.FloatInput("x", 1, 2, 5, 5));

    [TestMethod]
    public void Raise_ConvTransposeWithOutputShape_SameBits() =>
        Raises(
            new ModelBuilder(9).Input("x", "1,2,5,5").Weights("w", 2, 3, 3, 3)
                .Node("ConvTranspose", "x w", "a", ("output_shape", new[] { 10, 10 }), ("strides", new[] { 2, 2 })),
            SeededValues.FloatInput("x", 1, 2, 5, 5));

    [TestMethod]
    [DataRow("SAME_UPPER", 7)]
    [DataRow("SAME_LOWER", 7)]
    [DataRow("VALID", 9)]
    public void Raise_PoolsWithAutomaticPadding_SameBits(string padding, int opset) =>
        Raises(
            new ModelBuilder(opset).Input("x", "1,2,7,8")
                .Node("MaxPool", "x", "m", ("auto_pad", padding), ("kernel_shape", new[] { 3, 3 }), ("strides", new[] { 2, 2 }))
                .Node("AveragePool", "m", "a", ("auto_pad", padding), ("kernel_shape", new[] { 2, 2 })),
            SeededValues.FloatInput("x", 1, 2, 7, 8));

    [TestMethod]
    public void Raise_NonMaxSuppression_SameBits() =>
        Raises(
            new ModelBuilder(10).Input("x", "1,6,4").Input("scores", "1,1,6").Int64s("most", 3).Floats("overlap", [1], 0.5f)
                .Floats("least", [1], 0)
                .Node("NonMaxSuppression", "x scores most overlap least", "i").Node("Cast", "i", "a", ("to", (int)OnnxElementType.Float)),
            SeededValues.FloatInputOf("x", [1, 6, 4], 0, 0, 1, 1, 0, 0.1f, 1, 1.1f, 0, -0.1f, 1, 0.9f, 0, 10, 1, 11, 0, 10.1f, 1, 11.1f,
                0, 100, 1, 101),
            SeededValues.FloatInputOf("scores", [1, 1, 6], 0.9f, 0.75f, 0.6f, 0.95f, 0.5f, 0.3f));

    [TestMethod]
    public void Raise_Recurrent_SameBits() =>
        Raises(
            new ModelBuilder(7).Input("x", "5,2,3").Weights("w", 1, 16, 3).Weights("r", 1, 16, 4)
                .Node("LSTM", "x w r", "a h c", ("hidden_size", 4)),
            SeededValues.FloatInput("x", 5, 2, 3));

    [TestMethod]
    public void Raise_ReductionsAndArguments_SameBits() =>
        Raises(
            new ModelBuilder(7).Input("x", "2,3,4").Node("ReduceL2", "x", "r", ("axes", new[] { 1 })).Node("ArgMax", "r", "i", ("axis", 2))
                .Node("Cast", "i", "a", ("to", (int)OnnxElementType.Float)),
            SeededValues.FloatInput("x", 2, 3, 4));

    [TestMethod]
    public void Raise_DepthToSpaceAndBroadcasting_SameBits() =>
        Raises(
            new ModelBuilder(7).Input("x", "1,8,3,3").Weights("b", 2, 1, 1).Weights("slope", 2, 1, 1)
                .Node("DepthToSpace", "x", "d", ("blocksize", 2))
                .Node("Add", "d b", "s").Node("PRelu", "s slope", "p").Node("LRN", "p", "a", ("size", 3)),
            SeededValues.FloatInput("x", 1, 8, 3, 3));

    private static void Raises(ModelBuilder model, params Execution.InputTensor[] inputs) =>
        Oracle.AssertRaises(model.Node("Unsqueeze", "a", "y", ("axes", new[] { 0 })).Output("y"), inputs);
}
