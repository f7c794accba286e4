using QuantBuild.Reporting;

namespace QuantBuild.Core.Tests.Reporting;

[TestClass]
public sealed class SummaryTests
{
    private static readonly QuantizationReport Report = ReportSample.Report;

    [TestMethod]
    public void Of_Top1WithALimit_OneLineWithEverything() => Assert.AreEqual(
        "Models/größe.onnx: 200 KiB to 60 KiB (0.30 x), top-1 accuracy 98.50 % to 98.25 % (drop 0.25 points, limit 1.00 points), "
        + "3 of 4 nodes run in integers (98.8 % of the multiply-adds), 2.5 s",
        Summary.Of(Report, TimeSpan.FromSeconds(2.5)));

    [TestMethod]
    public void Of_MinimumOnly_NamesIt() => StringAssert.Contains(
        Summary.Of(Report with { Accuracy = Report.Accuracy! with { MaxAccuracyDrop = null } }, TimeSpan.Zero),
        "(drop 0.25 points, at least 90.00 % demanded)");

    [TestMethod]
    public void Of_NoLimit_NamesNone() => StringAssert.Contains(
        Summary.Of(Report with { Accuracy = Report.Accuracy! with { MaxAccuracyDrop = null, MinAccuracy = null } }, TimeSpan.Zero),
        "(drop 0.25 points), ");

    [TestMethod]
    public void Of_CosineSimilarity_SaysToWhat() => StringAssert.Contains(
        Summary.Of(
            Report with { Accuracy = Report.Accuracy! with { Metric = "CosineSimilarity", Float = 1, Quantized = 0.99875, Drop = 0.00125 } }, TimeSpan.Zero),
        "cosine similarity to the float outputs 1.00000 to 0.99875 (drop 0.00125, limit 0.01000)");

    [TestMethod]
    public void Of_NothingMeasured_SaysSo() =>
        StringAssert.Contains(Summary.Of(Report with { Accuracy = null }, TimeSpan.Zero), "accuracy not measured");
}
