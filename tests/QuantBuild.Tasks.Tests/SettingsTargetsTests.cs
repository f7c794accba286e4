using System.Xml.Linq;
using QuantBuild.Settings;

namespace QuantBuild.Tasks.Tests;

/// <summary>The targets list every setting, as MSBuild hands a task only the properties that are named to it.</summary>
[TestClass]
public sealed class SettingsTargetsTests
{
    private static readonly List<XElement> Listed =
        [.. XDocument.Load(typeof(SettingsTargetsTests).Assembly.GetManifestResourceStream("QuantBuild.Settings.targets")!).Descendants("_QuantBuildSetting")];

    [TestMethod]
    public void Targets_Names_AreThoseOfTheTable() => CollectionAssert.AreEquivalent(
        SettingCatalogue.All.Select(setting => setting.Name).ToArray(),
        Listed.Select(setting => setting.Attribute("Include")!.Value).ToArray());

    [TestMethod]
    public void Targets_Values_AreThePropertiesOfTheSameName()
    {
        foreach (XElement setting in Listed)
            Assert.AreEqual($"$(QuantBuild{setting.Attribute("Include")!.Value})", setting.Attribute("Value")!.Value);
    }

    [TestMethod]
    public void Targets_WithoutContent_AreTheSettingsThatChangeNoModel() => CollectionAssert.AreEquivalent(
        SettingCatalogue.All.Where(setting => setting.Effect == SettingEffect.Build).Select(setting => setting.Name).ToArray(),
        Listed.Where(setting => setting.Attribute("Content")?.Value == "false").Select(setting => setting.Attribute("Include")!.Value).ToArray());

    [TestMethod]
    public void Targets_Files_AreTheSettingsOfPaths()
    {
        foreach (SettingDescriptor setting in SettingCatalogue.All.Where(setting => setting.Kind is FilePath))
            Assert.AreEqual("true", Listed.Find(item => item.Attribute("Include")!.Value == setting.Name)!.Attribute("File")?.Value, setting.Name);
        Assert.AreEqual("assembly", Listed.Find(item => item.Attribute("Include")!.Value == "DataProvider")!.Attribute("File")?.Value);
    }
}
