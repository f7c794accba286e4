using QuantBuild.Evaluation;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Evaluation;

[TestClass]
public sealed class ExplanationTests
{
    private static readonly AccuracyComparison Comparison = new(AccuracyMetric.Top1, 0.95, 0.9, 0.031, 0.069, 30, 200);

    [TestMethod]
    public void Of_FailedGate_IntervalThreeNodesAndFile() => Assert.AreEqual(
        "The 95 % interval of the drop is 3.10 points to 6.90 points on 200 samples. Lowest signal-to-noise ratio: 'a' (Conv, -Infinity dB), "
        + "'b' (Gemm, 1.5 dB), 'c' (Add, 20.0 dB). Exclude such nodes with ExcludedNodes, or check that the calibration data is typical. "
        + "The rejected model is kept as 'model.rejected.onnx'.",
        Explanation.Of(
            Comparison,
            [new("a", "Conv", double.NegativeInfinity), new("b", "Gemm", 1.5), new("c", "Add", 20), new("d", "Mul", 30)],
            "model.rejected.onnx"));

    [TestMethod]
    public void Of_ModelShipsAllTheSame_NamesNoRejectedFile() =>
        Assert.IsFalse(Explanation.Of(Comparison, [], null).Contains("rejected", StringComparison.Ordinal));

    [TestMethod]
    public void Of_NodesWithoutNoise_AreNotBlamed() => StringAssert.Contains(
        Explanation.Of(Comparison, [new("a", "Conv", 3), new("b", "Relu", double.PositiveInfinity), new("c", "Add", double.NaN)], null),
        "ratio: 'a' (Conv, 3.0 dB). Exclude");

    [TestMethod]
    public void Of_OutputsThatAreNoise_PointsToTheDataFirst() => StringAssert.Contains(
        Explanation.Of(Comparison with { SqnrDecibels = -2.4 }, [new("a", "Conv", -3)], null),
        "ratio: 'a' (Conv, -3.0 dB). Nearly nothing is left of the outputs: check that the calibration data is prepared as");

    [TestMethod]
    public void Of_NoNodes_SaysNotMeasured() => StringAssert.Contains(Explanation.Of(Comparison, [], null), "ratio: not measured.");

    [TestMethod]
    public void Of_NothingMeasured_IsEmpty() => Assert.AreEqual("", Explanation.Of(null, [new("a", "Conv", 3)], null));
}
