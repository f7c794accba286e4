using QuantBuild.Diagnostics;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Settings;

[TestClass]
public sealed class SettingFilesTests
{
    [TestMethod]
    public void Resolve_MissingModel_ShowsWhereItWasLookedFor()
    {
        using SettingsProject project = new SettingsProject().WithMissingModel("Models/a.onnx");

        Assert.IsEmpty(project.Resolve());

        Assert.AreEqual("QB1005", project.OnlyProblem.Code);
        Assert.AreEqual(
            $"The model 'Models/a.onnx' does not exist. It was looked for at '{project.PathOf("Models/a.onnx")}'.",
            project.OnlyProblem.Message);
        Assert.AreEqual(new DiagnosticOrigin("Models/a.onnx"), project.OnlyProblem.Origin);
    }

    [TestMethod]
    public void Resolve_MissingDataOfAnItem_ShowsWhereItWasLookedFor()
    {
        using SettingsProject project = new SettingsProject().WithFile("c.npz")
            .WithModel("a.onnx", ("CalibrationData", "c.npz"), ("ValidationData", "Data/v.npz"));

        Assert.IsEmpty(project.Resolve());

        Assert.AreEqual("QB1005", project.OnlyProblem.Code);
        Assert.AreEqual(
            $"ValidationData 'Data/v.npz' does not exist. It was looked for at '{project.PathOf("Data/v.npz")}'.",
            project.OnlyProblem.Message);
        Assert.AreEqual(new DiagnosticOrigin("a.onnx", "ValidationData"), project.OnlyProblem.Origin);
    }

    [TestMethod]
    public void Resolve_FolderInPlaceOfAFile_SaysThatItIsOne()
    {
        using SettingsProject project = new SettingsProject().WithFile("Data/c.npz").WithModel("a.onnx", ("Labels", "Data"));

        project.Resolve();

        Assert.AreEqual("QB1005", project.OnlyProblem.Code);
        Assert.StartsWith("Labels 'Data' is a folder, not a file.", project.OnlyProblem.Message);
    }

    [TestMethod]
    public void Resolve_FolderOfData_IsTakenWithoutTheLastSeparator()
    {
        using SettingsProject project = new SettingsProject().WithFile("Data/c.npy").WithFile("classes.txt")
            .WithModel("a.onnx", ("CalibrationData", "Data/"), ("Labels", "classes.txt"), ("LabelName", "class"), ("SampleSeed", "7"), ("DataShape", "x=[ 1, 28 ]"));

        QuantizationSettings settings = project.ResolveOnly();

        Assert.AreEqual(project.PathOf("Data"), settings.CalibrationData);
        Assert.AreEqual(project.PathOf("classes.txt"), settings.Labels);
        Assert.AreEqual("class", settings.LabelName);
        Assert.AreEqual(7L, settings.SampleSeed);
        CollectionAssert.AreEqual(new long[] { 1, 28 }, settings.DataShapes["x"].ToArray());
    }

    [TestMethod]
    [DataRow("SampleSeed", "-1")]
    [DataRow("DataShape", "x=1,28")]
    [DataRow("DataShape", "x=[1,-2]")]
    [DataRow("DataShape", "x=[a]")]
    public void Resolve_DataSettingThatIsWrong_QB1002(string name, string value)
    {
        using SettingsProject project = new SettingsProject().WithModel("a.onnx", (name, value));

        project.Resolve();

        Assert.AreEqual("QB1002", project.OnlyProblem.Code);
    }

    [TestMethod]
    public void Resolve_MissingDataOfTheProject_IsReportedOnce()
    {
        using SettingsProject project = new SettingsProject().WithFile("c.npz").WithProperty("QuantBuildCalibrationData", "absent.npz")
            .WithModel("a.onnx").WithModel("b.onnx", ("CalibrationData", "c.npz")).WithModel("d.onnx");

        Assert.AreEqual("b.onnx", project.Resolve().Single().DisplayPath);

        Assert.AreEqual("QB1005", project.OnlyProblem.Code);
        Assert.AreEqual(new DiagnosticOrigin(null, "QuantBuildCalibrationData"), project.OnlyProblem.Origin);
    }

    [TestMethod]
    public void Resolve_SeveralProblems_AreAllReportedAtOnceInOrder()
    {
        using SettingsProject project = new SettingsProject()
            .WithProperty("QuantBuildMaxAcuracyDrop", "0.01")
            .WithProperty("QuantBuildTraining", "true")
            .WithMissingModel("a.onnx", ("Scheme", "Statik"), ("CalibrationData", "absent.npz"))
            .WithModel("b.onnx", ("Scheme", "Static"), ("ClassName", "1b"))
            .WithModel("c.onnx", ("Gate", "Off"), ("MinAccuracy", "0.5"))
            .WithModel("other/c.onnx");

        Assert.IsEmpty(project.Resolve());

        CollectionAssert.AreEqual(
            new[] { "QB1001", "QB1003", "QB1002", "QB1005", "QB1005", "QB1007", "QB8001", "QB1004", "QB1006" }, project.Codes.ToArray());
    }
}
