using System.Text.Json;
using System.Xml.Linq;
using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

/// <summary>What an IDE learns from the items of a project.</summary>
[TestClass]
public sealed class ItemsForTheIde
{
    /// <summary>Lists that MSBuild and IDEs read and never show as files.</summary>
    private static readonly string[] NeverShown = ["AvailableItemName", "PropertyPageSchema", "FileWrites", "QuantizeModel"];

    private static readonly string[] DesignTime = ["-p:DesignTimeBuild=true", "-p:BuildingInsideVisualStudio=true", "-p:SkipCompilerExecution=true"];

    [TestMethod]
    public void Rules_AreListedAndExist()
    {
        using var project = new TempProject(Package.Source);
        Verify.Succeeded(project.DotNet("restore"));

        JsonElement[] rules = Items(project.DotNet(["msbuild", .. DesignTime, "-getItem:PropertyPageSchema,AvailableItemName"]), "PropertyPageSchema")
            .Where(item => Defined(item).StartsWith(Package.Source.Folder, StringComparison.Ordinal)).ToArray();

        CollectionAssert.AreEquivalent(
            new[] { "QuantizeModel.xaml File;BrowseObject", "QuantBuild.xaml Project" },
            rules.Select(rule => $"{Value(rule, "Filename")}{Value(rule, "Extension")} {Value(rule, "Context")}").ToArray());
        foreach (JsonElement rule in rules)
            XDocument.Load(Value(rule, "FullPath"));
        Assert.IsTrue(File.Exists(Path.Combine(Package.Source.Folder, "build", "QuantBuild.xsd")));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void NotWrittenByTheUser_IsNotVisible(bool isDesignTime)
    {
        using var project = new TempProject(Package.Source);
        project.CopyModel("Models/other.onnx");
        project.WriteProject($"""
            <QuantizeModel Include="{TempProject.Model}" CalibrationData="{TempProject.Data}" />
                <QuantizeModel Include="Models/other.onnx" Scheme="None" Embed="false" />
            """);
        Verify.Succeeded(project.DotNet("restore"));
        string[] kinds = KindsOfItems();
        CollectionAssert.IsSubsetOf(new[] { "Compile", "EmbeddedResource", "EmbedInBinlog", "None", "Watch" }, kinds);
        string[] evaluation = ["msbuild", "-getItem:" + string.Join(',', kinds), .. isDesignTime ? DesignTime : []];

        foreach (string[] target in new string[][] { [], ["-t:_QuantBuildEmbedModels;_QuantBuildAddGeneratedCode"] })
        {
            DotNetRun run = project.DotNet([.. evaluation, .. target]);
            int added = 0;
            foreach (string kind in kinds)
                foreach (JsonElement item in Items(run, kind).Where(item => Defined(item).StartsWith(Package.Source.Folder, StringComparison.Ordinal)))
                {
                    Assert.AreEqual("false", Value(item, "Visible"), $"{kind} {Value(item, "Identity")}");
                    added++;
                }

            Assert.IsGreaterThan(2, added, run.Output);
        }
    }

    /// <summary>All that the package's files add, whatever becomes of it.</summary>
    private static string[] KindsOfItems() =>
    [
        .. new[] { "build", "buildMultiTargeting" }
            .SelectMany(folder => Directory.GetFiles(Path.Combine(Package.Source.Folder, folder)))
            .Where(file => file.EndsWith(".props", StringComparison.Ordinal) || file.EndsWith(".targets", StringComparison.Ordinal))
            .SelectMany(file => XDocument.Load(file).Descendants("ItemGroup").Elements())
            .Select(item => item.Name.LocalName)
            .Where(kind => kind[0] != '_' && !NeverShown.Contains(kind, StringComparer.Ordinal))
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    private static JsonElement[] Items(DotNetRun run, string kind)
    {
        Assert.AreEqual(0, run.ExitCode, run.Output);
        return JsonDocument.Parse(run.Output.AsMemory(run.Output.IndexOf('{'))).RootElement.GetProperty("Items").TryGetProperty(kind, out JsonElement items)
            ? [.. items.EnumerateArray()]
            : [];
    }

    private static string Defined(JsonElement item) => Path.GetFullPath(Value(item, "DefiningProjectFullPath"));

    private static string Value(JsonElement item, string metadata) => item.TryGetProperty(metadata, out JsonElement value) ? value.GetString()! : "";
}
