using QuantBuild.Precision;

namespace QuantBuild.Core.Tests.Precision;

[TestClass]
public sealed class HistogramBinsTests
{
    private const int Steps = 255;

    /// <summary>The expectation takes values as spread evenly over each bin and steps as lying anywhere; forty thousand real values differ from that
    /// by a few per cent, most where the step is as wide as two bins.</summary>
    private const double SamplingTolerance = 0.08;

    [TestMethod]
    public void SquaredError_EveryDistributionAndRange_IsWhatQuantizingTheValuesLoses()
    {
        foreach (Distribution distribution in Distribution.All().Where(distribution => distribution.Name is not ("two values" or "8-bit image" or "Relu6")))
            foreach (double share in new[] { 1, 0.9, 0.6, 0.3, 0.1 })
            {
                double low = share * Math.Min(0, distribution.Values.Min());
                double high = share * Math.Max(0, distribution.Values.Max());
                double expected = ErrorOfQuantizing(distribution.Values, low, high);

                double error = HistogramBins.Of(distribution.Histogram()).SquaredError(low, high, Steps);

                Assert.AreEqual(expected, error, expected * SamplingTolerance, $"{distribution}, {share} of its range");
            }
    }

    /// <summary>With the codes where they are, values of few kinds have an expectation too.</summary>
    [TestMethod]
    public void SquaredError_EveryDistributionAndParameters_IsWhatQuantizingTheValuesLoses()
    {
        foreach (Distribution distribution in Distribution.All().Where(distribution => distribution.Name != "8-bit image"))
            foreach (float share in new[] { 1, 0.9f, 0.6f, 0.3f })
            {
                QuantizationParameters parameters = QuantizationParameters.Snapped(share * distribution.Values.Min(), share * distribution.Values.Max());
                double expected = ErrorOfQuantizing(distribution.Values, parameters.Lowest, parameters.Highest);

                double error = HistogramBins.Of(distribution.Histogram()).SquaredError(parameters);

                Assert.AreEqual(expected, error, expected * SamplingTolerance, $"{distribution}, {share} of its range");
            }
    }

    /// <summary>Each value is a peak somewhere in its bin, a quarter of a step wide.</summary>
    [TestMethod]
    [DataRow(1f, DisplayName = "half-way between codes")]
    [DataRow(1.004f, DisplayName = "on codes at the extremes")]
    public void SquaredError_Image_TellsCodesFromWhatLiesBetween(float end)
    {
        const double PeakInABin = 0.3;
        Distribution image = Distribution.All().Single(distribution => distribution.Name == "8-bit image");
        QuantizationParameters parameters = QuantizationParameters.Asymmetric(-end, end);
        double expected = ErrorOfQuantizing(image.Values, parameters.Lowest, parameters.Highest);

        Assert.AreEqual(expected, HistogramBins.Of(image.Histogram()).SquaredError(parameters), expected * PeakInABin);
    }

    /// <summary>Zero is always a code, so a value in a bin at zero loses no more than its own square.</summary>
    [TestMethod]
    public void SquaredError_NearlyAllZero_TheZerosCostNothing()
    {
        float[] values = [.. new float[100_000], 1, 2, 3, 4];
        var distribution = new Distribution("zeros", values);

        double error = HistogramBins.Of(distribution.Histogram()).SquaredError(0, 4, Steps);

        double ofTheOthers = Math.Pow(4.0 / Steps, 2) / 12 * 4 / values.Length;
        double ofTheWidthOfTheBin = Math.Pow(4.0 / 1024, 2) / 3;
        Assert.IsLessThanOrEqualTo(ofTheOthers + ofTheWidthOfTheBin, error);
    }

    [TestMethod]
    public void SquaredError_EverythingSaturates_IsTheDistanceToTheEdge()
    {
        var distribution = new Distribution("constant", [.. Enumerable.Repeat(3f, 100)]);

        Assert.AreEqual(4, HistogramBins.Of(distribution.Histogram()).SquaredError(0, 1, Steps), 1e-6);
    }

    private static double ErrorOfQuantizing(float[] values, double low, double high)
    {
        double step = (high - low) / Steps;
        double sum = 0;
        foreach (float value in values)
        {
            double quantized = Math.Clamp(Math.Round(value / step) * step, low, high);
            sum += (value - quantized) * (value - quantized);
        }
        return sum / values.Length;
    }
}
