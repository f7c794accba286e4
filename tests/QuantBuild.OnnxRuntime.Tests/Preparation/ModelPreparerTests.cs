using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Preparation;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Preparation;

[TestClass]
public sealed class ModelPreparerTests
{
    private static readonly DiagnosticOrigin Origin = new("model.onnx");

    [TestMethod]
    public void Prepare_OldConvolutionalModel_OneForm()
    {
        // As a framework of 2018 wrote it: IR 3, weights listed as inputs, Constant nodes, normalizations apart, opset 7.
        ModelBuilder model = new ModelBuilder(7).Input("x", "n,3,16,16").Weights("w1", 8, 3, 3, 3).AsInput("w1").Weights("s", 8)
            .Weights("b", 8).Weights("m", 8)
            .PositiveWeights("v", 8).AsInput("s").Weights("w2", 5, 8).AsInput("w2").Weights("b2", 5)
            .Node("Conv", "x w1", "c").Node("BatchNormalization", "c s b m v", "n").Node("Clip", "n", "a", ("min", 0f), ("max", 6f))
            .Node("Dropout", "a", "d mask").Node("GlobalAveragePool", "d", "g").Node("Squeeze", "g", "q", ("axes", new[] { 2, 3 }))
            .Node("Gemm", "q w2 b2", "l", ("transB", 1)).Node("Softmax", "l", "y").Output("y", "n,5");
        OnnxModel original = model.Build();
        byte[] untouched = original.ToBytes();

        PreparedModel prepared = ModelPreparer.Prepare(original, Origin);

        CollectionAssert.AreEqual(untouched, original.ToBytes());
        CollectionAssert.AreEqual(
            new[] { "Conv", "Clip", "GlobalAveragePool", "Squeeze", "Gemm",
                "Softmax" }, prepared.Model.Graph.Nodes.Select(node => node.OpType).ToArray());
        Assert.AreEqual(13, prepared.Model.Opset);
        CollectionAssert.AreEqual(new[] { "x" }, prepared.Model.Signature.Inputs.Select(input => input.Name).ToArray());
        double difference = PreparationCheck.Verify(
            new OnnxRuntimeEngine(), original, prepared.Model, [SeededValues.FloatInput("x", 3, 3, 16, 16)], Origin);
        Assert.IsTrue(difference < 1e-6, $"{difference}");
    }

    [TestMethod]
    [DataRow(7)]
    [DataRow(9)]
    [DataRow(13)]
    public void Prepare_NormalizationWithStatisticsThatNobodyReads_MeansTheSame(int opset)
    {
        OnnxModel original = new ModelBuilder(opset).Input("x", "n,3,8,8").Weights("w", 4, 3, 3, 3).Weights("s", 4).Weights("b", 4).Weights("m", 4)
            .PositiveWeights("v", 4).Node("Conv", "x w", "c")
            .Node("BatchNormalization", "c s b m v", "y mean variance savedMean savedVariance").Output("y").Build();

        PreparedModel prepared = ModelPreparer.Prepare(original, Origin);

        PreparationCheck.Verify(new OnnxRuntimeEngine(), original, prepared.Model, [SeededValues.FloatInput("x", 2, 3, 8, 8)], Origin);
    }

    [TestMethod]
    public void Prepare_Digits_NothingToDo()
    {
        OnnxModel digits = OnnxModelReader.Parse(TestModels.Digits(), Origin);

        PreparedModel prepared = ModelPreparer.Prepare(digits, Origin);

        CollectionAssert.AreEqual(TestModels.Digits(), prepared.Model.ToBytes());
    }

    [TestMethod]
    public void Verify_OtherWeights_QB3003()
    {
        byte[] original = Line(2).ToBytes();
        byte[] wrong = Line(2.001f).ToBytes();

        var exception = Assert.ThrowsExactly<QuantBuildException>(() => Verify(original, wrong));

        Assert.AreEqual("QB3003", exception.Diagnostic.Code);
    }

    [TestMethod]
    public void Verify_WithinTolerance_GivesDifference()
    {
        double difference = Verify(Line(2).ToBytes(), Line(2.00001f).ToBytes());

        Assert.AreEqual(5e-6, difference, 2e-7);
    }

    [TestMethod]
    public void Verify_NotANumberOnOneSide_QB3003()
    {
        var exception = Assert.ThrowsExactly<QuantBuildException>(() => Verify(Line(2).ToBytes(), Line(float.NaN).ToBytes()));

        Assert.AreEqual("QB3003", exception.Diagnostic.Code);
    }

    [TestMethod]
    public void Verify_SameInfinities_NoDifference() =>
        Assert.AreEqual(0, Verify(Line(float.PositiveInfinity).ToBytes(), Line(float.PositiveInfinity).ToBytes()));

    [TestMethod]
    public void Verify_OriginalRefused_QB2007()
    {
        byte[] refused = new ModelBuilder().Input("x", "4").Node("NoSuchOperator", "x", "y").Output("y").ToBytes();

        Assert.AreEqual("QB2007", Assert.ThrowsExactly<QuantBuildException>(() => Verify(refused, Line(2).ToBytes())).Diagnostic.Code);
        Assert.AreEqual("QB3004", Assert.ThrowsExactly<QuantBuildException>(() => Verify(Line(2).ToBytes(), refused)).Diagnostic.Code);
    }

    [TestMethod]
    public void Verify_NothingBehindTheSigmoid_ComparesWhatTheSigmoidReads()
    {
        double difference = Verify(Detector(-60).ToBytes(), Detector(-60.001f).ToBytes());

        Assert.AreEqual(0.001 / 60, difference, 1e-6);
    }

    private static ModelBuilder Detector(float logit) => new ModelBuilder()
        .Input("x", "4").Initializer("logit", OnnxTensor.Scalar(logit)).Initializer("zero", OnnxTensor.Scalar(0))
        .Node("Mul", "x zero", "nothing").Node("Add", "nothing logit", "logits").Node("Sigmoid", "logits", "y").Output("y");

    private static double Verify(byte[] original, byte[] prepared)
    {
        InputTensor[] batch = [SeededValues.FloatInputOf("x", [4], 1, 2, 3, 4)];
        return PreparationCheck.Verify(
            new OnnxRuntimeEngine(), OnnxModelReader.Parse(original, Origin), OnnxModelReader.Parse(prepared, Origin), batch, Origin);
    }

    private static ModelBuilder Line(float slope) =>
        new ModelBuilder().Input("x", "4").Initializer("slope", OnnxTensor.Scalar(slope)).Node("Mul", "x slope", "y").Output("y");
}
