using QuantBuild.Evaluation.Metrics;

namespace QuantBuild.Core.Tests.Evaluation.Metrics;

[TestClass]
public sealed class StudentQuantileTests
{
    /// <summary>From printed tables of the distribution.</summary>
    [TestMethod]
    [DataRow(1L, 12.7062)]
    [DataRow(4L, 2.7764)]
    [DataRow(19L, 2.0930)]
    [DataRow(21L, 2.0796)]
    [DataRow(30L, 2.0423)]
    [DataRow(60L, 2.0003)]
    [DataRow(120L, 1.9799)]
    [DataRow(1_000_000L, 1.96)]
    public void Of_DegreesOfFreedom_AreThoseOfTheTables(long degrees, double expected) => Assert.AreEqual(expected, StudentQuantile.Of(degrees), 1e-4);

    [TestMethod]
    public void Of_None_IsInfinite() => Assert.AreEqual(double.PositiveInfinity, StudentQuantile.Of(0));
}
