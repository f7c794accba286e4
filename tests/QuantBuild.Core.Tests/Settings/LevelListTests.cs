using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Settings;

[TestClass]
public sealed class LevelListTests
{
    [TestMethod]
    [DataRow("-1;-0.5;0;0.5;1", "-1;-0.5;0;0.5;1")]
    [DataRow(" -1 , 0, 1e0 ", "-1;0;1")]
    [DataRow("-0;.25", "0;0.25")]
    public void Read_AscendingNumbers_AreKeptInOneSpelling(string text, string value)
    {
        SettingReading reading = new LevelList().Read(text);

        Assert.AreEqual(SettingReading.Valid(value), reading);
        Assert.AreEqual(value, string.Join(';', LevelList.LevelsOf(reading.Value).Select(level => FormattableString.Invariant($"{level}"))));
    }

    [TestMethod]
    [DataRow("1", null)]
    [DataRow("a;b", null)]
    [DataRow("0;NaN", null)]
    [DataRow("0;1e39", null)]
    [DataRow("0;1;0.5", "0;0.5;1")]
    [DataRow("0;0;1", "0;1")]
    public void Read_OtherLists_AreRefused(string text, string? meant)
    {
        Assert.AreEqual(SettingReading.Invalid, new LevelList().Read(text));
        Assert.AreEqual(meant, new LevelList().Nearest(text));
    }

    [TestMethod]
    public void Read_Count_IsAtMostThatOfAByte()
    {
        Assert.AreEqual(SettingVerdict.Valid, new LevelList().Read(string.Join(';', Enumerable.Range(0, 256))).Verdict);
        Assert.AreEqual(SettingVerdict.Invalid, new LevelList().Read(string.Join(';', Enumerable.Range(0, 257))).Verdict);
    }
}
