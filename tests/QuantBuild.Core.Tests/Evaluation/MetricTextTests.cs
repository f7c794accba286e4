using System.Globalization;
using QuantBuild.Evaluation;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Evaluation;

[TestClass]
public sealed class MetricTextTests
{
    [TestMethod]
    [DataRow(0.9125, "91.25 %", "91.25 points")]
    [DataRow(0.912345, "91.235 %", "91.235 points")]
    [DataRow(0.005, "0.50 %", "0.50 points")]
    [DataRow(1, "100.00 %", "100.00 points")]
    [DataRow(-0.01, "-1.00 %", "-1.00 points")]
    public void Top1_Numbers_AreInPerCentAndPoints(double value, string shown, string difference)
    {
        MetricText text = new(AccuracyMetric.Top1);

        Assert.AreEqual(shown, text.Value(value));
        Assert.AreEqual(difference, text.Difference(value));
    }

    [TestMethod]
    public void CosineSimilarity_Numbers_HaveFiveOrSixDigits()
    {
        MetricText text = new(AccuracyMetric.CosineSimilarity);

        Assert.AreEqual("0.99987", text.Value(0.99987));
        Assert.AreEqual("0.000123", text.Difference(0.000123));
        Assert.AreEqual("1.00000", text.Value(1));
    }

    [TestMethod]
    [DataRow("Top5", "top-5 accuracy", 0.5, "50.00 %", "50.00 points")]
    [DataRow("Perplexity", "perplexity", 12.345678, "12.346", "12.346")]
    [DataRow("MeanSquaredError", "mean squared error", 0.0000123, "1.23E-05", "1.23E-05")]
    [DataRow("Psnr", "peak signal-to-noise ratio", 31.234, "31.23 dB", "31.23 dB")]
    [DataRow("my metric", "my metric", 2, "2", "2")]
    public void OfName_Metrics_HaveTheirUnits(string name, string words, double value, string shown, string difference)
    {
        MetricText text = MetricText.OfName(name);

        Assert.AreEqual((words, shown, difference), (text.Name, text.Value(value), text.Difference(value)));
    }

    [TestMethod]
    public void Interval_Infinite_IsAWord() => Assert.AreEqual("infinity", new MetricText(AccuracyMetric.Perplexity).Interval(double.PositiveInfinity));

    [TestMethod]
    public void Value_CultureWithCommas_WritesPoints()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.AreEqual("91.25 %", new MetricText(AccuracyMetric.Top1).Value(0.9125));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
