namespace QuantBuild.OnnxRuntime.Tests;

[TestClass]
public sealed class ProcessorClassTests
{
    private const int Avx2 = 1 << 5;

    private const int Avx512 = (1 << 16) | (1 << 17) | (1 << 30) | (1 << 31);

    [TestMethod]
    [DataRow(false, 0, 0, 0, 0, "x64")]
    [DataRow(true, 0, 0, 0, 0, "x64-avx")]
    [DataRow(true, Avx2, 0, 0, 0, "x64-avx2")]
    [DataRow(true, Avx2, 0, 0, 1 << 4, "x64-avx2-vnni")]
    [DataRow(true, Avx2 | Avx512, 0, 0, 0, "x64-avx512")]
    [DataRow(true, Avx2 | Avx512, 1 << 11, 0, 1 << 4, "x64-avx512-vnni")]
    [DataRow(true, Avx2 | Avx512, 1 << 11, (1 << 24) | (1 << 25), 1 << 4, "x64-avx512-vnni-amx")]
    public void X64_Features_GiveTheClass(bool avx, int features, int more, int tiles, int further, string expected) =>
        Assert.AreEqual(expected, ProcessorClass.X64((leaf, subleaf) => (leaf, subleaf) switch
        {
            (0, _) => (7, 0, 0, 0),
            (1, _) => (0, 0, avx ? (1 << 28) | (1 << 12) : 0, 0),
            (7, 0) => (1, features, more, tiles),
            (7, 1) => (further, 0, 0, 0),
            _ => (0, 0, 0, 0),
        }));

    [TestMethod]
    public void OfThisMachine_DoesNotDependOnWhatThisProcessMayUse() => StringAssert.Matches(ProcessorClass.OfThisMachine, new("^[a-z0-9-]+$"));
}
