using QuantBuild.Diagnostics;
using QuantBuild.Evaluation;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Evaluation;

[TestClass]
public sealed class GateTests
{
    private static readonly DiagnosticOrigin Origin = new("model.onnx");

    [TestMethod]
    public void Judge_DropAboveTheLimit_QB7001WithAllFigures()
    {
        QuantizationSettings settings = Settings(maxDrop: 0.01);
        AccuracyComparison comparison = Top1(0.95, 0.9, 0.03, 0.07);

        Diagnostic problem = Gate.Judge(settings, comparison, "Because.", Origin).Single();

        Assert.IsFalse(Gate.Passes(settings, comparison));
        Assert.AreEqual(DiagnosticCatalogue.AccuracyDropExceeded, problem.Descriptor);
        Assert.AreEqual(DiagnosticSeverity.Error, problem.Severity);
        Assert.AreEqual(
            "'model.onnx': top-1 accuracy fell from 95.00 % to 90.00 %, a drop of 5.00 points; MaxAccuracyDrop allows 1.00 points. Because.",
            problem.Message);
        Assert.AreEqual("MaxAccuracyDrop", problem.Origin!.Setting);
    }

    [TestMethod]
    public void Judge_FloatModelBelowTheMinimum_BlamesNoNode()
    {
        AccuracyComparison comparison = new(AccuracyMetric.Top1, 0.935, 0.934, -0.01, 0.012, 30, 1000);
        Diagnostic problem = Gate.Judge(Settings(minimum: 0.999), comparison, "Because.", Origin).Single();
        StringAssert.Contains(problem.Message, "The float model does not reach it either, so that no quantization can.");
        Assert.IsFalse(problem.Message.Contains("Because.", StringComparison.Ordinal));
    }

    [TestMethod]
    public void Judge_BelowTheMinimum_QB7002WithAllFigures()
    {
        QuantizationSettings settings = Settings(minimum: 0.999);
        AccuracyComparison comparison = Cosine(0.99, 0.985, 0.995);

        Diagnostic problem = Gate.Judge(settings, comparison, "Because.", Origin).Single();

        Assert.IsFalse(Gate.Passes(settings, comparison));
        Assert.AreEqual(DiagnosticCatalogue.AccuracyBelowMinimum, problem.Descriptor);
        Assert.AreEqual(
            "'model.onnx': cosine similarity to the float outputs of the quantized model is 0.99000 (float: 1.00000, drop 0.01000); "
            + "MinAccuracy demands 0.99900. Because.",
            problem.Message);
        Assert.AreEqual("MinAccuracy", problem.Origin!.Setting);
    }

    [TestMethod]
    public void Judge_BothLimitsBroken_BothCodes()
    {
        QuantizationSettings settings = Settings(maxDrop: 0.01, minimum: 0.94);

        CollectionAssert.AreEqual(new[] { "QB7001", "QB7002" }, Codes(settings, Top1(0.95, 0.9, 0.03, 0.07)));
    }

    [TestMethod]
    [DataRow(0.88, new[] { "QB7005" })]
    [DataRow(0.91, new string[0])]
    public void Judge_NoLimit_WarnsOfAGrossLossOnly(double quantized, string[] codes)
    {
        QuantizationSettings settings = Settings();
        AccuracyComparison comparison = Top1(0.95, quantized, 0, 0.1);

        Assert.IsTrue(Gate.Passes(settings, comparison));
        CollectionAssert.AreEqual(codes, Codes(settings, comparison));
    }

    [TestMethod]
    [DataRow(0.1, new[] { "QB7006" })]
    [DataRow(0.2, new string[0])]
    public void Judge_FloatModelGuessesOneOfTen_QB7006(double ofFloat, string[] codes) =>
        CollectionAssert.AreEqual(codes, Codes(Settings(maxDrop: 0.01), Top1(ofFloat, ofFloat, 0, 0) with { ClassCount = 10, SampleCount = 1000 }));

    /// <summary>0.95 − 0.94 is 0.010000000000000009 in binary.</summary>
    [TestMethod]
    public void Judge_ExactlyAtTheLimits_Passes()
    {
        QuantizationSettings settings = Settings(maxDrop: 0.01, minimum: 0.94);
        AccuracyComparison comparison = Top1(0.95, 0.94, 0.01, 0.01);

        Assert.IsTrue(Gate.Passes(settings, comparison));
        Assert.IsEmpty(Codes(settings, comparison));
    }

    [TestMethod]
    public void Judge_OneSampleBeyondTheLimit_Fails()
    {
        // One of a million samples is the smallest difference that a gate has to see.
        AccuracyComparison comparison = Top1(0.95, 0.939999, 0, 0.02);

        Assert.IsFalse(Gate.Passes(Settings(maxDrop: 0.01), comparison));
        Assert.IsFalse(Gate.Passes(Settings(minimum: 0.94), comparison));
    }

    [TestMethod]
    public void Judge_IntervalCrossesTheLimit_QB7003AndPasses()
    {
        QuantizationSettings settings = Settings(maxDrop: 0.01);
        AccuracyComparison comparison = Top1(0.95, 0.945, -0.005, 0.015);

        Diagnostic problem = Gate.Judge(settings, comparison, "", Origin).Single();

        Assert.IsTrue(Gate.Passes(settings, comparison));
        Assert.AreEqual(DiagnosticCatalogue.GateUndecided, problem.Descriptor);
        Assert.AreEqual(DiagnosticSeverity.Warning, problem.Severity);
        StringAssert.Contains(problem.Message, "the drop of 0.50 points is within MaxAccuracyDrop=1.00 points, but its 95 % interval reaches 1.50 points on 200 samples");
    }

    [TestMethod]
    public void Judge_GateWarning_SaysTheSameAsAWarningAndPasses()
    {
        QuantizationSettings settings = Settings(maxDrop: 0.01, minimum: 0.94) with { Gate = GateMode.Warning };
        AccuracyComparison comparison = Top1(0.95, 0.9, 0.03, 0.07);

        Diagnostic[] problems = [.. Gate.Judge(settings, comparison, "", Origin)];

        Assert.IsTrue(Gate.Passes(settings, comparison));
        CollectionAssert.AreEqual(new[] { "QB7001", "QB7002" }, problems.Select(problem => problem.Code).ToArray());
        Assert.IsTrue(problems.All(problem => problem.Severity == DiagnosticSeverity.Warning));
    }

    [TestMethod]
    public void Judge_GateOff_SaysNothingAndPasses()
    {
        QuantizationSettings settings = Settings(maxDrop: 0.01, minimum: 0.94) with { Gate = GateMode.Off };

        Assert.IsTrue(Gate.Passes(settings, Top1(0.95, 0.1, 0.8, 0.9)));
        Assert.IsEmpty(Codes(settings, Top1(0.95, 0.1, 0.8, 0.9)));
    }

    [TestMethod]
    public void Judge_NoLimitsOrNothingMeasured_Passes()
    {
        Assert.IsEmpty(Codes(Settings(), Top1(0.95, 0.94, 0, 0.02)));
        Assert.IsTrue(Gate.Passes(Settings(), Top1(0.95, 0.1, 0.8, 0.9)));
        Assert.IsEmpty(Codes(Settings(maxDrop: 0), null));
        Assert.IsTrue(Gate.Passes(Settings(maxDrop: 0), null));
    }

    [TestMethod]
    public void Judge_QuantizedIsBetter_Passes() => Assert.IsTrue(Gate.Passes(Settings(maxDrop: 0), Top1(0.9, 0.95, -0.07, -0.03)));

    private static string[] Codes(QuantizationSettings settings, AccuracyComparison? comparison) =>
        [.. Gate.Judge(settings, comparison, "", Origin).Select(problem => problem.Code)];

    private static AccuracyComparison Top1(double ofFloat, double quantized, double low, double high) =>
        new(AccuracyMetric.Top1, ofFloat, quantized, low, high, 30, 200);

    private static AccuracyComparison Cosine(double quantized, double low, double high) =>
        new(AccuracyMetric.CosineSimilarity, 1, quantized, 1 - high, 1 - low, 30, 200);

    private static QuantizationSettings Settings(double? maxDrop = null, double? minimum = null) => new()
    {
        DisplayPath = "model.onnx", ModelPath = "model.onnx", Name = "model", ClassName = "Model", MaxAccuracyDrop = maxDrop, MinAccuracy = minimum,
    };
}
