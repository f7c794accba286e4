using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Rewriting;

/// <summary>Chains of elementwise operators between convolutions run in integer kernels, constants among them that differ within a channel
/// (others become part of a convolution).</summary>
[TestClass]
public sealed class ElementwiseFusionTests
{
    [TestMethod]
    [DataRow("Add", new long[] { 8, 8, 8 })]
    [DataRow("Add", new long[] { 8, 1 })]
    [DataRow("Mul", new long[] { 8, 8, 8 })]
    [DataRow("Mul", new long[] { 1, 1, 1, 8 })]
    public void Constant_OnEitherSide(string opType, long[] shape)
    {
        Convolved().PositiveWeights("c", shape).Node(opType, "a c", "f").Node("Conv", "f u", "y").Trial().AssertFuses("Conv", opType, "Conv");
        Convolved().PositiveWeights("c", shape).Node(opType, "c a", "f").Node("Conv", "f u", "y").Trial().AssertFuses("Conv", opType, "Conv");
    }

    [TestMethod]
    public void Constant_BelowZero() =>
        Convolved().Floats("c", [8], -0.3f, -0.2f, -0.3f, -0.1f, -0.3f, -0.4f, -0.3f, -0.2f).Node("Mul", "a c", "f").Node("Conv", "f u", "y").Trial().AssertFuses("Conv", "Mul", "Conv");

    [TestMethod]
    public void Constant_ReadTwice() =>
        Convolved().PositiveWeights("c", 8).Node("Add", "c a", "e").Node("Mul", "e c", "f").Node("Conv", "f u", "y").Trial()
            .AssertFuses("Conv", "Add", "Mul", "Conv");

    [TestMethod]
    public void Constant_OfConcatAndWhere() =>
        Convolved().Weights("c", 1, 8, 8, 2).Initializer("zero", OnnxTensor.Scalar(0)).Node("ReduceMax", "x", "r").Node("Greater", "r zero", "g")
            .Node("Where", "g a zero", "h").Node("Concat", "h c", "f", ("axis", 3)).Node("Conv", "f u", "y").Trial()
            .AssertFuses("Conv", "Where", "Concat", "Conv");

    /// <summary>As exporters of TensorFlow pad channels.</summary>
    [TestMethod]
    [DataRow(1, DisplayName = "written as codes")]
    [DataRow(6, DisplayName = "filled when the model is loaded")]
    public void Constant_ThatANodeFills(int channels) =>
        Convolved().Int64s("shape", 1, channels, 8, 8).Weights("g", 5, 8 + channels, 1, 1).Node("ConstantOfShape", "shape", "z")
            .Node("Concat", "a z", "f", ("axis", 1)).Node("Conv", "f g", "y").Trial().AssertFuses("Conv", "Concat", "Conv");

    [TestMethod]
    public void Silu_BehindAConvolution() =>
        Convolved().Node("Sigmoid", "a", "s").Node("Mul", "a s", "f").Node("Conv", "f u", "y").Trial().AssertFuses("Conv", "Sigmoid", "Mul", "Conv");

    [TestMethod]
    public void SigmoidGate_OfSqueezeAndExcite() =>
        Convolved().Weights("g", 8, 8, 1, 1).Node("GlobalAveragePool", "a", "p").Node("Conv", "p g", "q").Node("Sigmoid", "q", "s").Node("Mul", "a s", "f")
            .Node("Conv", "f u", "y").Trial().AssertFuses("Conv", "GlobalAveragePool", "Conv", "Sigmoid", "Mul", "Conv");

    [TestMethod]
    public void AveragedOverSpace_BetweenConvolutions() =>
        Convolved().Node("ReduceMean", "a", "f", ("axes", new[] { 2, 3 })).Node("Conv", "f u", "y").Trial()
            .AssertFuses("Conv", "GlobalAveragePool", "Conv");

    /// <summary>As ShuffleNet does it: one half goes past the convolution, then the channels of both are shuffled.</summary>
    [TestMethod]
    public void SplitShuffle_OfTwoHalves() =>
        Convolved().Int64s("sizes", 4, 4).Int64s("two", 0, 2, 4, 8, 8).Int64s("one", 0, 8, 8, 8).Weights("g", 4, 4, 1, 1)
            .Node("Split", "a sizes", "p q", ("axis", 1)).Node("Conv", "p g", "r").Node("Concat", "r q", "c", ("axis", 1)).Node("Reshape", "c two", "d")
            .Node("Transpose", "d", "e", ("perm", new[] { 0, 2, 1, 3, 4 })).Node("Reshape", "e one", "f").Node("Conv", "f u", "y").Trial()
            .AssertFuses("Conv", "Split", "Conv", "Concat", "Reshape", "Transpose", "Reshape", "Conv");

    [TestMethod]
    public void Split_WhosePartsAreOutputs() =>
        Convolved().Output("p").Int64s("sizes", 3, 5).Weights("g", 5, 5, 1, 1).Node("Split", "a sizes", "p q", ("axis", 1)).Node("Conv", "q g", "y").Trial()
            .AssertFuses("Conv", "Split", "Conv");

    [TestMethod]
    [DataRow("MaxPool", "n,4,16", 3)]
    [DataRow("MaxPool", "n,4,8,8", 3, 3)]
    [DataRow("MaxPool", "n,4,8,8,8", 3, 3, 3)]
    public void MaxPool_BesideAConvolution_HasTheLayoutOfItsKernel(string opType, string input, params int[] window)
    {
        long[] kernel = [8, 4, .. window.Select(length => (long)length)];
        QuantizationTrial trial = new ModelBuilder().Input("x", input).Output("y").Weights("w", kernel).Weights("u", [5, 8, .. window.Select(_ => 1L)])
            .Node("Conv", "x w", "a").Node(opType, "a", "f", ("kernel_shape", window)).Node("Conv", "f u", "y").Trial();

        trial.AssertFuses("Conv", opType, "Conv");
        StringAssert.Contains(trial.OptimizedOperators(), "NhwcMaxPool");
    }

    /// <summary>x ─ Conv ─ a: 8 channels of 8 × 8, and weights for a further convolution.</summary>
    private static ModelBuilder Convolved() => new ModelBuilder().Input("x", "n,4,8,8").Output("y").Weights("w", 8, 4, 3, 3).Weights("b", 8)
        .Weights("u", 5, 8, 1, 1).Node("Conv", "x w b", "a", ("pads", new[] { 1, 1, 1, 1 }));
}
