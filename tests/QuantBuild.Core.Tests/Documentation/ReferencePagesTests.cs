using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Documentation;

[TestClass]
public sealed class ReferencePagesTests
{
    [TestMethod]
    public void SettingsPage_Committed_IsWhatTheTableGives() =>
        Snapshot.AssertMatches("src/QuantBuild/docs/settings.md", SettingsPage.Write());

    [TestMethod]
    public void DiagnosticsPage_Committed_IsWhatTheTableGives() =>
        Snapshot.AssertMatches("src/QuantBuild/docs/diagnostics.md", DiagnosticsPage.Write());

    [TestMethod]
    public void SettingsPage_EverySetting_IsOnIt()
    {
        string page = SettingsPage.Write();
        foreach (SettingDescriptor setting in SettingCatalogue.All)
            Assert.Contains(setting.IsAvailable ? $"### {setting.PublicName}\n" : $"| `{setting.PublicName}` |", page);
    }
}
