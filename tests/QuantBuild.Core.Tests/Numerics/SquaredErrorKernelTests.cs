using QuantBuild.Numerics;

namespace QuantBuild.Core.Tests.Numerics;

[TestClass]
public sealed class SquaredErrorKernelTests
{
    /// <summary>Rounding of a sum of n positive terms in another order: n · 2⁻⁵³ relative bounds it for either order.</summary>
    private const double RelativeToleranceOfTenThousandTerms = 2 * 10_000 * 1.1102230246251565e-16;

    [TestMethod]
    public void Sum_EveryCase_EqualsTheReference()
    {
        foreach (KernelCase test in KernelCases.OfAllValues)
        {
            float[] other = [.. test.Values.ToArray().Select((value, i) => (value * 0.99f) + (i % 3))];
            SquaredSums expected = SquaredErrorKernel.SumScalar(test.Values, other);
            SquaredSums actual = SquaredErrorKernel.Sum(test.Values, other);

            AssertSameBits(expected, actual, test.ToString());
        }
    }

    [TestMethod]
    public void Sum_LengthsAroundTheBlock_EqualsTheReferenceAndTheNaiveSum()
    {
        foreach (int length in new[] { 4095, 4096, 4097, 8192, 10_000 })
        {
            float[] reference = [.. Enumerable.Range(0, length).Select(i => MathF.Sin(i) * 10)];
            float[] other = [.. reference.Select((value, i) => value + (0.01f * MathF.Cos(7 * i)))];
            double naiveError = 0;
            double naiveSignal = 0;
            for (int i = 0; i < length; i++)
            {
                naiveError += ((double)reference[i] - other[i]) * ((double)reference[i] - other[i]);
                naiveSignal += (double)reference[i] * reference[i];
            }

            SquaredSums actual = SquaredErrorKernel.Sum(reference, other);

            AssertSameBits(SquaredErrorKernel.SumScalar(reference, other), actual, $"{length} values");
            Assert.AreEqual(naiveError, actual.Error, naiveError * RelativeToleranceOfTenThousandTerms);
            Assert.AreEqual(naiveSignal, actual.Signal, naiveSignal * RelativeToleranceOfTenThousandTerms);
        }
    }

    [TestMethod]
    public void Sum_OfWholeBlocksAddedInOrder_EqualsTheSumAtOnce()
    {
        float[] reference = [.. Enumerable.Range(0, 10_000).Select(i => MathF.Sin(i))];
        float[] other = [.. reference.Select(value => value * 0.9f)];
        SquaredSums pieces = default;
        for (int start = 0; start < reference.Length; start += SquaredErrorKernel.BlockLength)
        {
            Range block = start..Math.Min(reference.Length, start + SquaredErrorKernel.BlockLength);
            pieces += SquaredErrorKernel.Sum(reference.AsSpan(block), other.AsSpan(block));
        }

        AssertSameBits(SquaredErrorKernel.Sum(reference, other), pieces, "blocks");
    }

    [TestMethod]
    public void SqnrDecibels_KnownSums_IsTheirRatio()
    {
        Assert.AreEqual(20.0, new SquaredSums(1, 100).SqnrDecibels);
        Assert.AreEqual(double.PositiveInfinity, new SquaredSums(0, 100).SqnrDecibels);
        Assert.AreEqual(double.NegativeInfinity, new SquaredSums(1, 0).SqnrDecibels);
        Assert.IsTrue(double.IsNaN(new SquaredSums(0, 0).SqnrDecibels));
    }

    private static void AssertSameBits(SquaredSums expected, SquaredSums actual, string test)
    {
        AssertSameBits(expected.Error, actual.Error, test);
        AssertSameBits(expected.Signal, actual.Signal, test);
    }

    /// <summary>The sign and payload of a NaN depend on the operand that the processor prefers; that it is NaN does not.</summary>
    private static void AssertSameBits(double expected, double actual, string test) => Assert.IsTrue(
        (double.IsNaN(expected) && double.IsNaN(actual)) || BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(actual),
        $"{test}: {expected:R} and {actual:R}");
}
