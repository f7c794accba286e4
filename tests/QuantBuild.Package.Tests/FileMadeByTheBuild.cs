using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

[TestClass]
public sealed class FileMadeByTheBuild
{
    [TestMethod]
    public void TargetBeforeQuantizeOnnxModels_MayMakeTheModelAndTheData()
    {
        using var project = new TempProject(Package.Source);
        project.WriteProject($"""
            <QuantizeModel Include="obj/made.onnx" CalibrationData="obj/made.npz" ClassName="Digits" />
              </ItemGroup>
              <Target Name="MakeFiles" BeforeTargets="QuantizeOnnxModels">
                <Copy SourceFiles="{TempProject.Model}" DestinationFiles="obj/made.onnx" />
                <Copy SourceFiles="{TempProject.Data}" DestinationFiles="obj/made.npz" />
              </Target>
              <ItemGroup>
            """);

        Assert.AreEqual(1, Verify.Succeeded(project.Build()).QuantizingWorkers);
        Assert.AreEqual(0, Verify.Succeeded(project.Build()).AllWorkers);
    }
}
