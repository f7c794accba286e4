using QuantBuild.Core.Tests.Generation;
using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Rewriting;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Rewriting;

[TestClass]
public sealed class EmbeddingLimitTests
{
    private static readonly QuantizationSettings Embedded = Signatures.Settings();

    [TestMethod]
    public void Check_MoreThanAFileCanHold_QB6003SaysWhatToDo()
    {
        QuantBuildException exception = Assert.ThrowsExactly<QuantBuildException>(() => Check(3L << 30, Embedded));

        Assert.AreEqual("QB6003", exception.Diagnostic.Code);
        StringAssert.Contains(exception.Message, "Set Embed=false");
    }

    [TestMethod]
    public void Check_FileBesideTheProgram_HasNoLimit() => Check(3L << 30, Embedded with { Embed = false });

    [TestMethod]
    public void Check_JustFits_IsEmbedded() => Check(int.MaxValue, Embedded);

    private static void Check(long sizeBytes, QuantizationSettings settings) =>
        EmbeddingLimit.Check(new ModelImage([], new TensorFiles(), sizeBytes), settings, new DiagnosticOrigin("model.onnx"));
}
