using QuantBuild.Tasks.Positions;
using QuantBuild.Tasks.Requests;
using QuantBuild.Testing;

namespace QuantBuild.Tasks.Tests.Positions;

[TestClass]
public sealed class SettingPositionsTests
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <QuantBuildScheme>Static</QuantBuildScheme>
            <QuantBuildScheme Condition="'$(CI)' == 'true'">None</QuantBuildScheme>
          </PropertyGroup>
          <ItemGroup>
            <QuantizeModel Include="Models\a.onnx; b.onnx"
                           MaxAccuracyDrop="2" />
            <QuantizeModel Include="c.onnx">
              <CalibrationData>missing.npz</CalibrationData>
            </QuantizeModel>
            <QuantizeModel Include="more/*.onnx" Gate="Off" />
          </ItemGroup>
        </Project>
        """;

    [TestMethod]
    [DataRow("Models/a.onnx", null, 7, 5, DisplayName = "the item, in a list, with the other slash")]
    [DataRow("b.onnx", "MaxAccuracyDrop", 8, 20, DisplayName = "a metadata as attribute")]
    [DataRow("b.onnx", "maxaccuracydrop", 8, 20, DisplayName = "names have no case")]
    [DataRow("c.onnx", "CalibrationData", 10, 7, DisplayName = "a metadata as element")]
    [DataRow("c.onnx", "Gate", 9, 5, DisplayName = "a metadata that is not there")]
    [DataRow("more/d.onnx", "Gate", 12, 42, DisplayName = "an item from a wildcard")]
    [DataRow(null, "QuantBuildScheme", 4, 5, DisplayName = "a property, its last definition")]
    [DataRow("c.onnx", "Scheme", 4, 5, DisplayName = "a metadata that is not there, but a property is")]
    [DataRow("c.onnx", "QuantBuildScheme", 4, 5, DisplayName = "a property in force for an item")]
    [DataRow("c.onnx", "QuantBuildGate", 9, 5, DisplayName = "a property of nowhere, for an item")]
    [DataRow(null, "QuantBuildGate", 0, 0, DisplayName = "a property of nowhere")]
    [DataRow(null, null, 0, 0, DisplayName = "the project")]
    public void Find_InTheProjectFile_LineAndColumn(string? model, string? setting, int line, int column)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("App.csproj");
        File.WriteAllText(path, Project);

        SourcePosition position = new SettingPositions(new ProjectFiles(path), _ => null).Find(model, setting);

        Assert.AreEqual((path, line, column), (position.File, position.Line, position.Column));
    }

    [TestMethod]
    public void Find_ItemOfAnotherFile_ThatFile()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("App.csproj"), Project);
        File.WriteAllText(folder.File("models.props"), "<Project><ItemGroup><QuantizeModel Include=\"e.onnx\" /></ItemGroup></Project>");

        SourcePosition position = new SettingPositions(new ProjectFiles(folder.File("App.csproj")), _ => folder.File("models.props")).Find("e.onnx", null);

        Assert.AreEqual((folder.File("models.props"), 1, 21), (position.File, position.Line, position.Column));
    }

    [TestMethod]
    public void Find_PropertyOfDirectoryBuildProps_ThatFile()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("App.csproj"), "<Project />");
        File.WriteAllText(folder.File("Directory.Build.props"), "<Project>\n<PropertyGroup>\n<QuantBuildGate>Of</QuantBuildGate>\n</PropertyGroup></Project>");

        SourcePosition position = new SettingPositions(
            new ProjectFiles(folder.File("App.csproj"), folder.File("Directory.Build.props"), ""), _ => null).Find(null, "QuantBuildGate");

        Assert.AreEqual((folder.File("Directory.Build.props"), 3, 1), (position.File, position.Line, position.Column));
    }

    [TestMethod]
    public void Find_ProjectFileUnreadable_OnlyTheFile()
    {
        using var folder = new TemporaryFolder();

        SourcePosition position = new SettingPositions(new ProjectFiles(folder.File("gone.csproj")), _ => null).Find("a.onnx", "Gate");

        Assert.AreEqual((folder.File("gone.csproj"), 0), (position.File, position.Line));
    }
}
