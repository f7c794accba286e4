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

    /// <summary>No number of samples decides a limit of 0, which is about these samples.</summary>
    [TestMethod]
    public void Judge_LimitOfZeroWithoutADrop_SaysNothing() => Assert.IsEmpty(Codes(Settings(maxDrop: 0), Top1(0.95, 0.95, -0.01, 0.01)));

    [TestMethod]
    public void Judge_LowerIsBetter_RiseAboveTheLimits()
    {
        QuantizationSettings settings = Settings(maxDrop: 1) with { MaxError = 13 };
        AccuracyComparison comparison = new(AccuracyMetric.Perplexity, 12.1, 15.8, 3, 4.4, 30, 200);

        Diagnostic[] problems = [.. Gate.Judge(settings, comparison, "Because.", Origin)];

        Assert.IsFalse(Gate.Passes(Settings() with { MaxError = 13 }, comparison));
        Assert.IsTrue(Gate.Passes(Settings(maxDrop: 4) with { MaxError = 16 }, comparison));
        CollectionAssert.AreEqual(
            new[]
            {
                "'model.onnx': perplexity rose from 12.1 to 15.8, a rise of 3.7; MaxAccuracyDrop allows 1. Because.",
                "'model.onnx': perplexity rose from 12.1 to 15.8 with quantization, a rise of 3.7; MaxError allows 13. Because.",
            },
            problems.Select(problem => problem.Message).ToArray());
        Assert.AreEqual(DiagnosticCatalogue.ErrorAboveMaximum, problems[1].Descriptor);
    }

    [TestMethod]
    [DataRow(12.0, 13.0, new string[0])]
    [DataRow(12.0, 13.5, new[] { "QB7005" })]
    public void Judge_ErrorsWithoutALimit_AreGrossByTheirShare(double ofFloat, double quantized, string[] codes) =>
        CollectionAssert.AreEqual(codes, Codes(Settings(), new AccuracyComparison(AccuracyMetric.Perplexity, ofFloat, quantized, 0, 2, 30, 200)));

    [TestMethod]
    public void Judge_FloatModelAboveTheError_BlamesNoNode() => StringAssert.Contains(
        Gate.Judge(Settings() with { MaxError = 10 }, new AccuracyComparison(AccuracyMetric.Perplexity, 12, 12.1, 0, 0.2, 30, 200), "Because.", Origin).Single().Message,
        "Raise MaxError, set MaxAccuracyDrop instead");

    /// <summary>Large ones by their drop, small ones only when the whole interval is above the limit.</summary>
    [TestMethod]
    [DataRow(100L, 0.001, new[] { "QB7007" }, DisplayName = "enough samples")]
    [DataRow(99L, 0.001, new[] { "QB7008" }, DisplayName = "too few, undecided")]
    [DataRow(20L, 0.02, new[] { "QB7007" }, DisplayName = "too few, but sure")]
    public void Judge_SliceAboveTheLimit_FailsOrWarns(long samples, double low, string[] codes)
    {
        AccuracyComparison comparison = Top1(0.95, 0.945, 0.001, 0.009) with
        {
            Slices = [new("day", 0.95, 0.95, 0, -0.01, 0.01, 500), new("night", 0.9, 0.85, 0.05, low, 0.1, samples), new("void", double.NaN, double.NaN, double.NaN, -1, 1, 2)],
        };

        CollectionAssert.AreEqual(codes, Codes(Settings(maxDrop: 0.01), comparison));
        Assert.AreEqual(codes[0] != "QB7007", Gate.Passes(Settings(maxDrop: 0.01), comparison));
        Assert.IsEmpty(Codes(Settings(minimum: 0.9), comparison));
        Assert.IsTrue(Gate.Passes(Settings(maxDrop: 0.01) with { Gate = GateMode.Warning }, comparison));
    }

    [TestMethod]
    public void Judge_ManySlicesAboveTheLimit_NamesTheWorstFirst()
    {
        AccuracyComparison comparison = Top1(0.95, 0.945, 0.001, 0.009) with
        {
            Slices = [.. Enumerable.Range(1, 7).Select(i => new SliceComparison($"s{i}", 0.9, 0.9 - (i * 0.02), i * 0.02, 0, 0.2, 100))],
        };

        Diagnostic problem = Gate.Judge(Settings(maxDrop: 0.01), comparison, "", Origin).Single();

        Assert.AreEqual("MaxAccuracyDrop", problem.Origin!.Setting);
        Assert.AreEqual(
            "'model.onnx': top-1 accuracy drops by more than MaxAccuracyDrop allows (1.00 points) in 7 of the slices: "
            + "'s7' 90.00 % to 76.00 % (drop 14.00 points, 100 samples), 's6' 90.00 % to 78.00 % (drop 12.00 points, 100 samples), "
            + "'s5' 90.00 % to 80.00 % (drop 10.00 points, 100 samples), 's4' 90.00 % to 82.00 % (drop 8.00 points, 100 samples), "
            + "'s3' 90.00 % to 84.00 % (drop 6.00 points, 100 samples) and 2 more. See the report for all slices.",
            problem.Message);
    }

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
