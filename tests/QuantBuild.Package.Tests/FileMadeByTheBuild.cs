using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

[TestClass]
public sealed class FileMadeByTheBuild
{
    [TestMethod]
    public void TargetBeforeQuantizeOnnxModels_MayMakeTheData()
    {
        using var project = new TempProject(Package.Source);
        project.WriteProject($"""
            <QuantizeModel Include="{TempProject.Model}" CalibrationData="obj/made.npz" />
              </ItemGroup>
              <Target Name="MakeData" BeforeTargets="QuantizeOnnxModels">
                <Copy SourceFiles="{TempProject.Data}" DestinationFiles="obj/made.npz" />
              </Target>
              <ItemGroup>
            """);

        Assert.AreEqual(1, Verify.Succeeded(project.Build()).QuantizingWorkers);
        Assert.AreEqual(0, Verify.Succeeded(project.Build()).AllWorkers);
    }
}
