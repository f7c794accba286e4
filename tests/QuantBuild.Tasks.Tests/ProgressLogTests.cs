using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace QuantBuild.Tasks.Tests;

[TestClass]
public sealed class ProgressLogTests
{
    private readonly RecordingBuildEngine engine = new();
    private TimeSpan now = TimeSpan.FromMinutes(1);

    private string[] Shown => [.. engine.Messages(MessageImportance.Normal)];

    [TestMethod]
    public void Write_ManyStepsOfALongStage_ALineEveryFewSeconds()
    {
        ProgressLog log = NewLog();
        for (int percent = 0; percent <= 100; percent++, now += TimeSpan.FromSeconds(1))
            log.Write($$"""{"model":"fashion","stage":"calibrate","fraction":{{percent / 100.0}}}""");

        Assert.AreEqual("QuantBuild: fashion: calibrate 0 %", Shown[0]);
        Assert.AreEqual("QuantBuild: fashion: calibrate 4 %", Shown[1]);
        Assert.HasCount(26, Shown);
        Assert.HasCount(75, engine.Messages(MessageImportance.Low).ToArray());
    }

    [TestMethod]
    public void Write_ManyShortStages_EachIsShownOnce()
    {
        ProgressLog log = NewLog();
        foreach (string stage in new[] { "load", "prepare", "observe" })
        {
            log.Write($$"""{"model":"fashion","stage":"{{stage}}","fraction":0}""");
            log.Write($$"""{"model":"fashion","stage":"{{stage}}","fraction":1}""");
        }

        CollectionAssert.AreEqual(
            new[] { "QuantBuild: fashion: load 0 %", "QuantBuild: fashion: prepare 0 %", "QuantBuild: fashion: observe 0 %" }, Shown);
    }

    [TestMethod]
    public void Write_WithDetail_SaysWhatIsCounted()
    {
        ProgressLog log = NewLog();
        log.Write("""{"model":"fashion","stage":"search","fraction":0.4,"detail":"5 of 12 candidates"}""");

        CollectionAssert.AreEqual(new[] { "QuantBuild: fashion: search 40 % (5 of 12 candidates)" }, Shown);
    }

    [TestMethod]
    public void Write_TextThatIsNoProgress_IsForWhoLooksClosely()
    {
        ProgressLog log = NewLog();
        log.Write("{0} of the library");
        log.Write("{not json");

        Assert.IsEmpty(Shown);
        CollectionAssert.AreEqual(new[] { "{0} of the library", "{not json" }, engine.Messages(MessageImportance.Low).ToArray());
    }

    private ProgressLog NewLog() => new(new TaskLoggingHelper(engine, "RunQuantBuildWorker"), () => now);
}
