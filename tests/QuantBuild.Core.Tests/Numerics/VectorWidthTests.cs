using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Numerics;

/// <summary>Runs the tests of the kernels again at every width narrower than that of this machine.</summary>
[TestClass]
public sealed class VectorWidthTests
{
    private static readonly Type[] KernelTests =
    [
        typeof(MinMaxKernelTests),
        typeof(QuantizeKernelTests),
        typeof(DequantizeKernelTests),
        typeof(FakeQuantizeKernelTests),
        typeof(SquaredErrorKernelTests),
        typeof(HistogramKernelTests),
        typeof(StreamingHistogramTests),
        typeof(GramKernelTests),
        typeof(RowSumKernelTests),
        typeof(ChannelSumsKernelTests),
        typeof(CodeEntropyTests),
        typeof(MatrixProductKernelTests),
        typeof(NormalQuantileTests),
    ];

    [TestMethod]
    public void Kernels_Vectors256_PassTheirTests() => AssertPass(VectorWidth.Vector256);

    [TestMethod]
    public void Kernels_Vectors128_PassTheirTests() => AssertPass(VectorWidth.Vector128);

    [TestMethod]
    public void Kernels_NoVectors_PassTheirTests() => AssertPass(VectorWidth.None);

    [TestMethod]
    public void KernelTests_InThisList_AreAllThatThereAre() => CollectionAssert.AreEquivalent(
        typeof(VectorWidthTests).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(VectorWidthTests).Namespace && type.IsDefined(typeof(TestClassAttribute), false))
            .Except([typeof(VectorWidthTests)])
            .ToArray(),
        KernelTests);

    private static void AssertPass(VectorWidth width) =>
        Assert.IsGreaterThanOrEqualTo(KernelTests.Length, RunWithHardwareDisabled.Run(width, KernelTests));
}
