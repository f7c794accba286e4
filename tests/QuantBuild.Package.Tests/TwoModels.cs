using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

[TestClass]
public sealed class TwoModels
{
    [TestMethod]
    public void OneChanges_OnlyThatOneIsQuantizedAgain()
    {
        using var project = new TempProject(Package.Source);
        project.CopyModel("Models/other.onnx");
        project.WriteProject(Items(otherScheme: "None"));
        Assert.AreEqual(1, Verify.Succeeded(project.Build()).QuantizingWorkers, "One process serves both.");
        DateTime digits = File.GetLastWriteTimeUtc(project.Output("digits.onnx"));
        DateTime other = File.GetLastWriteTimeUtc(project.Output("other.onnx"));

        project.WriteProject(Items(otherScheme: "WeightOnly"));
        Assert.AreEqual(1, Verify.Succeeded(project.Build()).QuantizingWorkers);

        Assert.AreEqual(digits, File.GetLastWriteTimeUtc(project.Output("digits.onnx")));
        Assert.AreNotEqual(other, File.GetLastWriteTimeUtc(project.Output("other.onnx")));
    }

    [TestMethod]
    public void OfOneName_AreKeptApart()
    {
        using var project = new TempProject(Package.Source);
        project.CopyModel("Models/small/digits.onnx");
        project.WriteProject("""
            <QuantizeModel Include="Models/digits.onnx" Scheme="None" />
                <QuantizeModel Include="Models/small/digits.onnx" Scheme="None" Namespace="App.Small" />
            """);

        Verify.Succeeded(project.Build());

        Assert.AreEqual(2, Directory.GetFiles(project.OutputDirectory, "digits.????????.onnx").Length);
    }

    private static string Items(string otherScheme) => $"""
        <QuantizeModel Include="Models/*.onnx" CalibrationData="{TempProject.Data}" />
            <QuantizeModel Update="Models/other.onnx" CalibrationData="" Scheme="{otherScheme}" />
        """;
}
