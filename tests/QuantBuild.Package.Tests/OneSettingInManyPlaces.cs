using System.Text.Json;
using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

[TestClass]
public sealed class OneSettingInManyPlaces
{
    [TestMethod]
    public void NearerPlacesWin()
    {
        using var project = new TempProject(Package.Source);
        project.CopyModel("Models/other.onnx");
        project.Write("Directory.Build.props", """
            <Project>
              <PropertyGroup>
                <QuantBuildScheme>Float16</QuantBuildScheme>
                <QuantBuildGate>Warning</QuantBuildGate>
                <QuantBuildNamespace>App.FromFolder</QuantBuildNamespace>
              </PropertyGroup>
              <ItemDefinitionGroup>
                <QuantizeModel>
                  <Scheme>WeightOnly</Scheme>
                  <Visibility>Public</Visibility>
                </QuantizeModel>
              </ItemDefinitionGroup>
            </Project>
            """);
        project.WriteProject(
            """
            <QuantizeModel Include="Models/*.onnx" />
                <QuantizeModel Update="Models/other.onnx" Scheme="None" Gate="Off" />
            """,
            "<QuantBuildNamespace>App</QuantBuildNamespace>");

        BuildLog log = Verify.Succeeded(project.Build());

        Assert.AreEqual(1, log.QuantizingWorkers);
        Assert.AreEqual("WeightOnly Public Warning App", Settings(project, "digits"));
        Assert.AreEqual("None Public Off App", Settings(project, "other"));
        CollectionAssert.IsSubsetOf(new[] { "App.Digits", "App.Other" }, AssemblyContent.Of(project.Assembly).Types.ToArray());
    }

    private static string Settings(TempProject project, string model)
    {
        using var report = JsonDocument.Parse(File.ReadAllBytes(project.Output(model + ".report.json")));
        JsonElement settings = report.RootElement.GetProperty("settings");
        string[] names = ["Scheme", "Visibility", "Gate", "Namespace"];
        return string.Join(' ', names.Select(name => settings.GetProperty(name).GetString()));
    }
}
