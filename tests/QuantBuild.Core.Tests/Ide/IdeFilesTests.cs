using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Ide;

[TestClass]
public sealed class IdeFilesTests
{
    private const string Folder = "src/QuantBuild/build";

    private static IReadOnlyList<string> IgnoredMetadata =>
    [
        .. XDocument.Load(RepositoryFiles.PathOf($"{Folder}/QuantBuild.Settings.targets")).Descendants("_QuantBuildIgnoredMetadata")
            .SelectMany(item => item.Attribute("Include")!.Value.Split(';')),
    ];

    [TestMethod]
    public void ItemRule_Committed_IsWhatTheTableGives() => Snapshot.AssertMatches($"{Folder}/rules/QuantizeModel.xaml", RuleFiles.OfItem());

    [TestMethod]
    public void ProjectRule_Committed_IsWhatTheTableGives() => Snapshot.AssertMatches($"{Folder}/rules/QuantBuild.xaml", RuleFiles.OfProject());

    [TestMethod]
    public void Schema_Committed_IsWhatTheTableGives() => Snapshot.AssertMatches($"{Folder}/QuantBuild.xsd", SchemaFile.Write(IgnoredMetadata));

    [TestMethod]
    public void Warnings_Committed_AreThoseOfTheCatalogue() => Snapshot.AssertMatches($"{Folder}/QuantBuild.Warnings.targets", WarningsFile.Write());

    [TestMethod]
    public void Files_EveryAvailableSetting_IsInThemWithItsWords()
    {
        XElement item = XDocument.Load(RepositoryFiles.PathOf($"{Folder}/rules/QuantizeModel.xaml")).Root!;
        XElement project = XDocument.Load(RepositoryFiles.PathOf($"{Folder}/rules/QuantBuild.xaml")).Root!;
        XmlSchemaSet schemas = Schemas();
        foreach (SettingDescriptor setting in SettingCatalogue.All)
        {
            XElement? onItem = Named(item, setting.Name);
            XElement? inProject = Named(project, setting.PropertyName);
            var element = (XmlSchemaElement?)schemas.GlobalElements[new XmlQualifiedName(setting.PropertyName)];
            Assert.AreEqual(setting.IsAvailable && setting.Scope == SettingScope.Item, onItem is not null, setting.Name);
            Assert.AreEqual(setting.IsAvailable, inProject is not null, setting.Name);
            Assert.AreEqual(setting.IsAvailable, element is not null, setting.Name);
            if (setting is not { IsAvailable: true, Kind: Choice choice })
                continue;
            string[] words = [.. choice.Available];
            if (onItem is not null)
                CollectionAssert.AreEqual(words, Words(onItem), setting.Name);
            if (!SettingTexts.IsTruth(setting))
                CollectionAssert.AreEqual(words, Words(inProject!), setting.Name);
            CollectionAssert.AreEqual(words, Words(element!), setting.Name);
        }
    }

    [TestMethod]
    public void Schema_ProjectWithEverything_IsValid() => Assert.AreEqual("", Problems("""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup Condition="'$(X)' == ''">
            <TargetFramework>net10.0</TargetFramework>
            <QuantBuildMaxAccuracyDrop Condition="true">0.01</QuantBuildMaxAccuracyDrop>
            <QuantBuildScheme>dynamic</QuantBuildScheme>
            <QuantBuildGate>$(MyGate)</QuantBuildGate>
            <QuantBuildMinAccuracy></QuantBuildMinAccuracy>
            <QuantBuildMemoryLimit>512 MiB</QuantBuildMemoryLimit>
            <QuantBuildReport>reports/</QuantBuildReport>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="QuantBuild" Version="0.1.0" />
            <QuantizeModel Include="a.onnx" CalibrationData="c.npz" SampleLimit="100" Gate="Off" Link="x" />
            <QuantizeModel Update="*.onnx">
              <Storage>Float16</Storage>
              <ExcludedNodes Condition="'$(X)' == ''">Conv_3;Conv_4</ExcludedNodes>
              <Visible>false</Visible>
            </QuantizeModel>
          </ItemGroup>
          <Target Name="T"><ItemGroup><QuantizeModel Include="b.onnx" Embed="%(X.Y)" /></ItemGroup></Target>
        </Project>
        """));

    [TestMethod]
    [DataRow("""<ItemGroup><QuantizeModel Include="a.onnx" Schema="Static" /></ItemGroup>""", "Schema")]
    [DataRow("""<ItemGroup><QuantizeModel Include="a.onnx" Scheme="Stattic" /></ItemGroup>""", "Stattic")]
    [DataRow("""<ItemGroup><QuantizeModel Include="a.onnx"><Gatte>Off</Gatte></QuantizeModel></ItemGroup>""", "Gatte")]
    [DataRow("""<ItemGroup><QuantizeModel Include="a.onnx" SampleLimit="0" /></ItemGroup>""", "SampleLimit")]
    [DataRow("<PropertyGroup><QuantBuildMaxAccuracyDrop>-1</QuantBuildMaxAccuracyDrop></PropertyGroup>", "QuantBuildMaxAccuracyDrop")]
    [DataRow("<PropertyGroup><QuantBuildEmbed>maybe</QuantBuildEmbed></PropertyGroup>", "QuantBuildEmbed")]
    public void Schema_Mistakes_AreFound(string lines, string named) => Assert.Contains(named, Problems($"<Project>{lines}</Project>"));

    private static XElement? Named(XElement rule, string name) => rule.DescendantsAndSelf()
        .SingleOrDefault(element => element.Name.LocalName.EndsWith("Property", StringComparison.Ordinal) && element.Attribute("Name")?.Value == name);

    private static string[] Words(XElement property) =>
        [.. property.Elements(RuleFiles.Xmlns + "EnumValue").Select(value => value.Attribute("Name")!.Value)];

    private static string[] Words(XmlSchemaElement element)
    {
        var content = (XmlSchemaSimpleTypeUnion)((XmlSchemaSimpleType)element.ElementSchemaType!.BaseXmlSchemaType!).Content!;
        return
        [
            .. content.BaseMemberTypes!.Select(type => type.Content).OfType<XmlSchemaSimpleTypeRestriction>()
                .SelectMany(restriction => restriction.Facets.OfType<XmlSchemaEnumerationFacet>()).Select(facet => facet.Value!),
        ];
    }

    private static XmlSchemaSet Schemas()
    {
        XmlSchemaSet schemas = new();
        schemas.ValidationEventHandler += (_, problem) => Assert.Fail(problem.Message);
        schemas.Add(null, RepositoryFiles.PathOf($"{Folder}/QuantBuild.xsd"));
        schemas.Compile();
        return schemas;
    }

    private static string Problems(string project)
    {
        List<string> problems = [];
        XDocument.Parse(project).Validate(Schemas(), (_, problem) => problems.Add(problem.Message));
        return string.Join('\n', problems);
    }
}
