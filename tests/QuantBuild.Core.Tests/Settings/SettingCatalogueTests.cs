using System.Text.RegularExpressions;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Settings;

[TestClass]
public sealed class SettingCatalogueTests
{
    [TestMethod]
    public void All_Names_AreUniqueInAnyCase()
    {
        string[] names = [.. SettingCatalogue.All.Select(setting => setting.Name.ToUpperInvariant())];
        CollectionAssert.AllItemsAreUnique(names);
    }

    [TestMethod]
    public void All_Settings_SayWhatTheyMean()
    {
        foreach (SettingDescriptor setting in SettingCatalogue.All)
        {
            Assert.EndsWith(".", setting.Meaning, setting.Name);
            Assert.AreEqual(setting.IsAvailable, setting.Instead.Length == 0, setting.Name);
        }
    }

    [TestMethod]
    public void All_Defaults_AreAccepted()
    {
        foreach (SettingDescriptor setting in SettingCatalogue.All.Where(setting => setting.Default.Length > 0 && setting.IsAvailable))
            Assert.AreEqual(SettingReading.Valid(setting.Default), setting.Kind.Read(setting.Default), setting.Name);
    }

    /// <summary>The resolver turns words into members of these enumerations without asking again.</summary>
    [TestMethod]
    public void Choices_OfEnumerations_AreTheirMembers()
    {
        AssertWords<QuantizationScheme>(SettingCatalogue.Scheme, "Auto", "Palettized");
        AssertWords<RangeEstimator>(SettingCatalogue.RangeEstimator);
        AssertWords<GateMode>(SettingCatalogue.Gate);
        AssertWords<ClassVisibility>(SettingCatalogue.Visibility);
    }

    /// <summary>TopN has a number in its name.</summary>
    [TestMethod]
    public void Choices_OfMetrics_AreAllButTheOnesWithOtherNames() => CollectionAssert.AreEquivalent(
        Enum.GetNames<AccuracyMetric>().Except([nameof(AccuracyMetric.TopN)]).Append("Top5").ToArray(),
        ((Choice)SettingCatalogue.Metric.Kind).Available.ToArray());

    /// <summary>The targets name every setting, as MSBuild cannot list the properties of a project.</summary>
    [TestMethod]
    public void TargetsOfThePackage_NameEverySetting()
    {
        string folder = RepositoryFiles.PathOf("src/QuantBuild/build");
        string targets = string.Concat(Directory.EnumerateFiles(folder, "*.targets").Select(File.ReadAllText));
        const string Setting = """<_QuantBuildSetting Include="(\w+)" Value="\$\(QuantBuild\1\)" """;
        IEnumerable<string> named = Regex.Matches(targets, Setting).Select(match => match.Groups[1].Value);
        CollectionAssert.AreEquivalent(SettingCatalogue.All.Select(setting => setting.Name).ToArray(), named.ToArray());
    }

    private static void AssertWords<T>(SettingDescriptor setting, params string[] except)
        where T : struct, Enum =>
        CollectionAssert.AreEquivalent(Enum.GetNames<T>(), ((Choice)setting.Kind).Available.Except(except).ToArray(), setting.Name);
}
