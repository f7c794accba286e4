using QuantBuild.Evaluation;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Evaluation;

[TestClass]
public sealed class ExclusionTextTests
{
    private static readonly AccuracyComparison Better = new(AccuracyMetric.Top1, 0.95, 0.946, -0.002, 0.01, 30, 200);

    private static readonly ExclusionFindings Three = new(
        [new("a", 3.21), new("b", 1), new("c", 0.5), new("d", -0.1)], ["a", "b", "c"], Better, 1_900_000, 0.7, 400);

    [TestMethod]
    public void Write_ThreeNodesAreEnough_FiguresAndTheLineToPaste() => Assert.AreEqual(
        "Keeping 'a', 'b' and 'c' in float was measured: top-1 accuracy 94.60 %, a drop of 0.40 points (MaxAccuracyDrop allows 1.00 points), "
        + "1.9 MB instead of 1.6 MB. To do so, write on the item: ExcludedNodes=\"a;b;c\"",
        Write(Settings(maxDrop: 0.01), Three));

    /// <summary>The metadata replaces what is written there.</summary>
    [TestMethod]
    public void Write_SomeAreExcludedAlready_TheLineHoldsThemToo() => Assert.EndsWith(
        "ExcludedNodes=\"z;a;b;c\"", Write(Settings(maxDrop: 0.01) with { ExcludedNodes = ["z", "a"] }, Three));

    [TestMethod]
    public void Write_NotEnough_ByHowMuchAndTheNextIdea() => Assert.AreEqual(
        "Keeping 'a', 'b' and 'c' in float (ExcludedNodes=\"a;b;c\") was measured and is not enough: top-1 accuracy 94.60 %, a drop of 0.40 points "
        + "(MaxAccuracyDrop allows 0.10 points), 1.9 MB instead of 1.6 MB; 0.30 points too much. "
        + "What to try next: BlockReconstruction=true, which rounds the weights once more, block after block.",
        Write(Settings(maxDrop: 0.001), Three));

    /// <summary>The same findings, from the cache, in a project with another limit.</summary>
    [TestMethod]
    [DataRow(0.001, false)]
    [DataRow(0.004, true)]
    public void Write_OtherLimits_AreJudgedByThem(double limit, bool isEnough) =>
        Assert.AreEqual(isEnough, Write(Settings(limit), Three).Contains("To do so", StringComparison.Ordinal));

    [TestMethod]
    public void Write_ErrorOfAPerplexity_SaysRise()
    {
        ExclusionFindings findings = Three with { Accuracy = new(AccuracyMetric.Perplexity, 12, 12.5, 0.1, 0.9, 30, 200), Together = ["a"] };

        Assert.StartsWith(
            "Keeping 'a' in float was measured: perplexity 12.5, a rise of 0.5 (MaxError allows 13), 1.9 MB", Write(Settings() with { MaxError = 13 }, findings));
    }

    [TestMethod]
    public void Write_LargerThanMaxModelSize_SaysSo() => Assert.Contains(
        "That is more than MaxModelSize allows (1700000 bytes), which would have to be raised.",
        Write(Settings(maxDrop: 0.01) with { MaxModelSize = 1_700_000 }, Three));

    [TestMethod]
    public void Write_SlowerThanMaxSlowdown_SaysSo() => Assert.Contains(
        "Its time, 0.7 of the float model's, is more than MaxSlowdown allows (0.6), which would have to be raised.",
        Write(Settings(maxDrop: 0.01) with { MaxSlowdown = 0.6 }, Three));

    [TestMethod]
    public void Write_NoNodeGains_NoneIsToBlame() => Assert.AreEqual(
        "Keeping one of 'a' or 'b' in float gives nothing back on held-out calibration samples: no single node is to blame. "
        + "What to try next: more calibration data; there are 30 samples, and 100 and more tell ranges better.",
        Write(Settings(maxDrop: 0.01), new([new("a", 0.01), new("b", 0)], [], null, 0, 0, 30)));

    [TestMethod]
    [DataRow("Scheme", "Auto", "Static", "leave Scheme at Auto")]
    [DataRow("Rounding", "Auto", "Static", "BlockReconstruction=true")]
    [DataRow("Rounding", "True", "Static", "Scheme=Float16")]
    [DataRow("Rounding", "Auto", "Dynamic", "Scheme=Float16")]
    public void Write_NothingHelps_NamesWhatHasNotBeenDone(string written, string blocks, string scheme, string idea) => Assert.Contains(
        idea,
        Write(
            Settings(maxDrop: 0.01) with { Written = [written], BlockReconstruction = Enum.Parse<StepMode>(blocks), Scheme = Enum.Parse<QuantizationScheme>(scheme) },
            new([new("a", 0)], [], null, 0, 0, 400)));

    [TestMethod]
    public void Write_HostileName_IsOneLineOfText()
    {
        string text = Write(Settings(maxDrop: 0.01), Three with { Together = ["\u001b[2J\n\"><Exec Command=\"rm\"/>"] });

        Assert.IsFalse(text.Any(char.IsControl), text);
        Assert.EndsWith("ExcludedNodes=\"%1B[2J%0A&quot;&gt;&lt;Exec Command=&quot;rm&quot;/&gt;\"", text);
        Assert.Contains("'\\u001B[2J\\u000A\">", text);
    }

    [TestMethod]
    public void Note_SaysWhatWasTriedAndHowLongItTook() => Assert.AreEqual(
        "single nodes in float, on held-out samples: 'a' +3.21 dB, 'b' +1.00 dB, 'c' +0.50 dB, 'd' -0.10 dB; 2.5 s",
        ExclusionText.Note(Three, TimeSpan.FromSeconds(2.5)));

    private static string Write(QuantizationSettings settings, ExclusionFindings findings) => new ExclusionText(settings, findings, 1_600_000).Write();

    private static QuantizationSettings Settings(double? maxDrop = null) => new()
    {
        DisplayPath = "model.onnx", ModelPath = "model.onnx", Name = "model", ClassName = "Model", MaxAccuracyDrop = maxDrop,
    };
}
