using System.Text.Json;
using QuantBuild.Cli.CommandLine;
using QuantBuild.Execution;

namespace QuantBuild.Cli.Tests;

[TestClass]
public sealed class BenchCommandTests
{
    [TestMethod]
    public void TwoModels_TimesRatioLoadAndMemory()
    {
        Digits.Run.Ended(ExitCode.Success);

        JsonElement result = ToolRun.Of(Digits.Folder, "bench", Digits.Model, Digits.Quantized, "--batch", "2", "--seconds", "0.2", "--json")
            .Ended(ExitCode.Success).Result;

        Assert.AreEqual("[2,1,28,28]", string.Concat(result.GetProperty("inputs").GetProperty("image").GetRawText().Where(letter => !char.IsWhiteSpace(letter))));
        Assert.AreEqual(2, result.GetProperty("models").GetArrayLength());
        foreach (JsonElement model in result.GetProperty("models").EnumerateArray())
        {
            double median = model.GetProperty("medianMilliseconds").GetDouble();
            Assert.IsTrue(median > 0 && median <= model.GetProperty("percentile95Milliseconds").GetDouble(), model.GetRawText());
            Assert.IsTrue(model.GetProperty("loadMilliseconds").GetDouble() > 0);
            Assert.IsTrue(model.GetProperty("peakMemoryBytes").GetInt64() is > 100_000 and < 4_000_000_000, model.GetRawText());
        }
        JsonElement ratio = result.GetProperty("ratio");
        Assert.IsTrue(ratio.GetProperty("low").GetDouble() <= ratio.GetProperty("median").GetDouble());
        Assert.IsTrue(ratio.GetProperty("median").GetDouble() <= ratio.GetProperty("high").GetDouble());
    }

    [TestMethod]
    public void OneModel_HasNoRatio() =>
        Assert.AreEqual(
            JsonValueKind.Null,
            ToolRun.Of(Digits.Folder, "bench", Digits.Model, "--data", Digits.Data, "--seconds", "0", "--json").Ended(ExitCode.Success).Result.GetProperty("ratio").ValueKind);

    [TestMethod]
    public void Ratio_IntervalComesFromTheRanks()
    {
        double[] ones = [.. Enumerable.Repeat(1.0, 100)];
        var timing = new PairedTiming(ones, [.. Enumerable.Range(1, 100).Select(i => i / 100.0)]);

        (double median, double low, double high) = timing.Ratio();

        // 100/2 ± 1.96·√100/2: the 41st and the 60th of the sorted ratios.
        Assert.AreEqual(0.5, median);
        Assert.AreEqual(0.41, low);
        Assert.AreEqual(0.60, high);
    }

    [TestMethod]
    public void Measure_Pairs_TakeTurns()
    {
        string order = "";

        PairedTiming timing = PairedTiming.Measure(() => order += 'a', () => order += 'b', TimeSpan.Zero, _ => { }, CancellationToken.None);

        Assert.AreEqual("ababab" + "abbaabbaabba", order);
        Assert.AreEqual(timing.First.Count, timing.Second.Count);
    }
}
