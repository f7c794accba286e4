using QuantBuild.Numerics;
using QuantBuild.Precision;

namespace QuantBuild.Core.Tests.Precision;

[TestClass]
public sealed class MeanSquaredErrorRangeTests
{
    private const int Steps = 255;

    /// <summary>The search looks at a few hundred ranges of the forty thousand that the grid has; one per cent of error is no difference of accuracy.</summary>
    private const double OfTheBest = 1.01;

    /// <summary>Ranges are handed over as float32.</summary>
    private const double Rounding = 1e-6;

    /// <summary>Each side of the exhaustive search in so many positions.</summary>
    private const int Grid = 160;

    [TestMethod]
    public void Estimate_EveryDistribution_AsGoodAsAnExhaustiveSearch()
    {
        Parallel.ForEach(Distribution.All(), distribution =>
        {
            StreamingHistogram histogram = distribution.Histogram();
            var bins = HistogramBins.Of(histogram);
            double minimum = Math.Min(0, histogram.Minimum);
            double maximum = Math.Max(0, histogram.Maximum);
            double best = double.PositiveInfinity;
            for (int i = 0; i <= Grid; i++)
                for (int j = 0; j <= Grid; j++)
                    if (minimum * i / Grid < maximum * j / Grid)
                        best = Math.Min(best, bins.SquaredError(minimum * i / Grid, maximum * j / Grid, Steps));

            TensorRange range = MeanSquaredErrorRange.Search(histogram);

            double error = bins.SquaredError(range.Minimum, range.Maximum, Steps);
            Assert.IsLessThanOrEqualTo(best * OfTheBest, error, $"{distribution}: {range}");
            Assert.IsLessThanOrEqualTo(bins.SquaredError(minimum, maximum, Steps) * (1 + Rounding), error, $"{distribution}: {range}");
            Assert.IsTrue(range.Minimum <= 0 && range.Maximum >= 0, $"{distribution}: {range}");
        });
    }

    /// <summary>On the values themselves, with the parameters that ship.</summary>
    [TestMethod]
    public void Estimate_EveryDistribution_LosesNoMoreThanMinMax()
    {
        // Where both ranges nearly agree, the rounding of the zero point decides which of them is luckier.
        const double Luck = 1.02;
        foreach (Distribution distribution in Distribution.All())
        {
            StreamingHistogram histogram = distribution.Histogram();

            double ofMinMax = Loss(distribution.Values, MinMaxRange.Estimate(histogram));
            double ofSearch = Loss(distribution.Values, Estimate(histogram));

            Assert.IsLessThanOrEqualTo(ofMinMax * Luck, ofSearch, distribution.Name);
        }
    }

    [TestMethod]
    public void Estimate_Outliers_AreCutOff()
    {
        Distribution distribution = Distribution.All().Single(distribution => distribution.Name == "with outliers");
        TensorRange whole = MinMaxRange.Estimate(distribution.Histogram());

        TensorRange range = Estimate(distribution.Histogram());

        Assert.IsLessThan(whole.Maximum - whole.Minimum, range.Maximum - range.Minimum);
        Assert.IsLessThan(Loss(distribution.Values, whole), Loss(distribution.Values, range));
    }

    [TestMethod]
    [DataRow(0f)]
    [DataRow(1f)]
    [DataRow(-7f)]
    [DataRow(1e-30f)]
    [DataRow(float.MaxValue)]
    public void Estimate_Constant_HasACodeForIt(float value)
    {
        var constant = new Distribution("constant", [.. Enumerable.Repeat(value, 1000)]);

        TensorRange range = Estimate(constant.Histogram());

        QuantizationParameters parameters = Fit(range);
        double code = Math.Round(value / (double)parameters.Scale);
        Assert.AreEqual(value, code * parameters.Scale, Math.Max(Math.Abs(value) / 512, 1e-12), parameters.ToString());
        Assert.IsTrue(parameters.Lowest <= value + (0.5 * parameters.Scale) && parameters.Highest >= value - (0.5 * parameters.Scale), parameters.ToString());
        Assert.IsTrue(range.Minimum <= 0 && range.Maximum >= 0, range.ToString());
    }

    [TestMethod]
    public void Estimate_Nothing_IsZero() => Assert.AreEqual(new TensorRange(0, 0), Estimate(new StreamingHistogram()));

    /// <summary>Every scale and zero point in steps that are finer than those of the search, on the values themselves. What is a peak inside a bin, the search cannot
    /// know.</summary>
    [TestMethod]
    [DataRow("8-bit image", 1.25)]
    [DataRow("Relu6", 1.05)]
    [DataRow("Gelu", 1.05)]
    [DataRow("Laplace", 1.05)]
    [DataRow("half-normal", 1.05)]
    [DataRow("far from zero", 1.05)]
    public void Estimate_OfAllParametersThatThereAre_NearTheBest(string name, double ofTheBest)
    {
        Distribution distribution = Distribution.All().Single(distribution => distribution.Name == name);
        float[] values = distribution.Values;
        StreamingHistogram histogram = distribution.Histogram();
        QuantizationParameters found = Fit(Estimate(histogram));
        double least = double.PositiveInfinity;
        for (int zeroPoint = 0; zeroPoint <= Steps; zeroPoint++)
        {
            if ((zeroPoint > 0 && histogram.Minimum >= 0) || Math.Abs(zeroPoint - found.ZeroPoint) > 3)
                continue;
            for (int i = -60; i <= 60; i += 2)
                least = Math.Min(least, Loss(values, found with { ZeroPoint = zeroPoint, Scale = found.Scale * (1 + (i / 1000f)) }));
        }

        Assert.IsLessThanOrEqualTo(least * ofTheBest, Loss(values, found), $"{found}");
    }

    /// <summary>The extremes of an image on [−1, 1] lie half-way between the codes of the whole range, as all of its other values do.</summary>
    [TestMethod]
    public void Estimate_Image_CodesMeetValuesAsOftenAsNot()
    {
        float[] values = Distribution.All().Single(distribution => distribution.Name == "8-bit image").Values;

        double ofMinMax = Loss(values, QuantizationParameters.Asymmetric(-1, 1));
        double found = Loss(values, Estimate(new Distribution("", values).Histogram()));

        Assert.IsGreaterThan(3.5, 10 * Math.Log10(ofMinMax / found), "decibels");
    }

    private static QuantizationParameters Fit(TensorRange range) => ActivationParameters.Of(range, null, isGiven: false);

    private static TensorRange Estimate(StreamingHistogram histogram) => MeanSquaredErrorRange.Estimate(histogram, Fit);

    private static double Loss(float[] values, TensorRange range) => Loss(values, Fit(range));

    private static double Loss(float[] values, QuantizationParameters parameters)
    {
        var quantized = new float[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            double code = Math.Clamp(Math.Round(values[i] / parameters.Scale) + parameters.ZeroPoint, 0, Steps);
            quantized[i] = (float)((code - parameters.ZeroPoint) * parameters.Scale);
        }
        return SquaredErrorKernel.Sum(values, quantized).Error;
    }
}
