using Microsoft.Build.Framework;
using QuantBuild.Tasks.Protocol;
using QuantBuild.Tasks.Requests;

namespace QuantBuild.Tasks.Tests;

[TestClass]
public sealed class WriteQuantizationRequestTests
{
    [TestMethod]
    public void Execute_OneModel_RequestHoldsWhatTheProjectSays()
    {
        using var project = new TaskProject();
        project.AddModel("fashion.onnx", ("CalibrationData", "data.npz"), ("Generator", "MSBuild:Compile"));
        project.SetProperty("MaxAccuracyDrop", "0.01");

        WorkerRequest request = project.WriteRequest().Request;

        Assert.AreEqual(1, request.Schema);
        Assert.AreEqual("generate", request.Command);
        Assert.AreEqual(Path.GetDirectoryName(project.ProjectFile), request.ProjectDirectory);
        Assert.AreEqual("App", request.RootNamespace);
        Assert.AreEqual("C#", request.Language);
        Assert.AreEqual("QuantBuildMaxAccuracyDrop=0.01", Text(request.Properties));
        RequestModel model = request.Models.Single();
        Assert.AreEqual("fashion.onnx", model.Include);
        Assert.AreEqual(project.File("fashion.onnx"), model.Path);
        Assert.AreEqual("fashion", model.Name);
        Assert.AreEqual("CalibrationData=data.npz", Text(model.Metadata), "Metadata of the IDE are no settings.");
    }

    [TestMethod]
    public void Execute_SameWish_FileKeepsItsTime()
    {
        using var project = new TaskProject();
        project.AddModel("fashion.onnx");
        project.WriteRequest();
        DateTime past = DateTime.UnixEpoch.AddYears(40);
        File.SetLastWriteTimeUtc(project.Output("request.json"), past);

        project.WriteRequest();
        Assert.AreEqual(past, File.GetLastWriteTimeUtc(project.Output("request.json")));

        project.SetProperty("Scheme", "None");
        project.WriteRequest();
        Assert.AreNotEqual(past, File.GetLastWriteTimeUtc(project.Output("request.json")));
    }

    [TestMethod]
    public void Execute_MisspeltProperties_AreSentFromFilesAndCommandLine()
    {
        using var project = new TaskProject();
        project.AddModel("fashion.onnx");
        project.Write("App.csproj", """
            <Project>
              <PropertyGroup>
                <QuantBuildMaxAcuracyDrop>0.01</QuantBuildMaxAcuracyDrop>
                <quantbuildSCHEME>Static</quantbuildSCHEME>
                <_QuantBuildInternal>1</_QuantBuildInternal>
              </PropertyGroup>
              <ItemGroup><QuantBuildItem Include="x" /></ItemGroup>
            </Project>
            """);
        project.Write("Directory.Build.props", "<Project><PropertyGroup><QuantBuildShceme>None</QuantBuildShceme></PropertyGroup></Project>");
        project.GlobalProperties = new Dictionary<string, string> { ["QuantBuildGat"] = "Off", ["Configuration"] = "Debug" };

        WorkerRequest request = project.WriteRequest().Request;

        Assert.AreEqual("QuantBuildGat=Off QuantBuildMaxAcuracyDrop=0.01 QuantBuildShceme=None", Text(request.Properties));
    }

    [TestMethod]
    public void Execute_CharactersThatMeanSomethingToMSBuild_SurviveInItems()
    {
        using var project = new TaskProject();
        const string name = "Åé日本 @%3b;'()&$.onnx";
        project.AddModel("x.onnx").ItemSpec = EscapedText.Escape(name);

        (WriteQuantizationRequest task, WorkerRequest request) = project.WriteRequest();

        Assert.AreEqual(name, request.Models.Single().Include);
        Assert.AreEqual(project.File(name), task.RequestedModels.Single().ItemSpec);
        Assert.AreEqual(name, task.RequestedModels.Single().GetMetadata("Include"));
        Assert.AreEqual("obj/quantbuild/Åé日本___3b______.onnx", task.RequestedModels.Single().GetMetadata("QuantizedModel"));
    }

    [TestMethod]
    public void Execute_DataFiles_AreThoseOfSettingsAndWhatTheWorkerRead()
    {
        using var project = new TaskProject();
        project.Write("obj/quantbuild/fashion.key", $"""
            request 12 fashion
            input 34 {project.File("fashion.onnx")}
            input 56 {project.File("weights of fashion")}
            output 78 fashion.onnx
            """);
        project.AddModel("fashion.onnx", ("CalibrationData", "Data\\missing.npz"), ("DataProvider", "lib\\Samples.dll ; My.Samples"));

        ITaskItem[] files = project.WriteRequest().Task.DataFiles;

        CollectionAssert.AreEqual(
            new[] { project.File(Path.Combine("Data", "missing.npz")), project.File(Path.Combine("lib", "Samples.dll")), project.File("weights of fashion") },
            files.Select(file => file.ItemSpec).ToArray());
    }

    [TestMethod]
    public void Execute_OutputMissing_StampIsDeleted()
    {
        using var project = new TaskProject();
        project.AddModel("fashion.onnx");
        Assert.IsTrue(project.CreateRun(project.Quantizing()).Execute());
        foreach (string output in new[] { "fashion.g.cs", "fashion.metadata.g.cs", "generated.stamp" })
            project.Write("obj/quantbuild/" + output, "");

        project.WriteRequest();
        Assert.IsTrue(File.Exists(project.Output("generated.stamp")));
        Assert.IsTrue(File.Exists(project.Output("quantized.stamp")));

        File.Delete(project.Output("fashion.report.json"));
        project.WriteRequest();
        Assert.IsTrue(File.Exists(project.Output("generated.stamp")));
        Assert.IsFalse(File.Exists(project.Output("quantized.stamp")));
    }

    [TestMethod]
    public void Execute_ClockWasSetBack_StampsOfTheFutureGo()
    {
        using var project = new TaskProject();
        project.AddModel("fashion.onnx");
        Assert.IsTrue(project.CreateRun(project.Quantizing()).Execute());
        foreach (string file in new[] { "quantized.stamp", "request.json" })
            File.SetLastWriteTimeUtc(project.Output(file), DateTime.UtcNow.AddHours(1));

        project.WriteRequest();

        Assert.IsFalse(File.Exists(project.Output("quantized.stamp")));
        Assert.IsTrue(File.GetLastWriteTimeUtc(project.Output("request.json")) <= DateTime.UtcNow);
    }

    [TestMethod]
    public void Execute_Embed_IsTheItemsElseTheProperty()
    {
        using var project = new TaskProject();
        project.SetProperty("Embed", "false");
        project.AddModel("fashion.onnx");
        project.AddModel("digits.onnx", ("Embed", "true"));

        ITaskItem[] models = project.WriteRequest().Task.RequestedModels;

        CollectionAssert.AreEqual(new[] { "false", "true" }, models.Select(model => model.GetMetadata("Embed")).ToArray());
        Assert.AreEqual("fashion.onnx", models[0].GetMetadata("CopiedName"));
    }

    [TestMethod]
    public void Execute_Compression_IsTheItemsElseTheProperty()
    {
        using var project = new TaskProject();
        project.SetProperty("Compression", "Brotli");
        project.AddModel("fashion.onnx");
        project.AddModel("digits.onnx", ("Compression", "None"));

        ITaskItem[] models = project.WriteRequest().Task.RequestedModels;

        CollectionAssert.AreEqual(new[] { "Brotli", "None" }, models.Select(model => model.GetMetadata("Compression")).ToArray());
        StringAssert.EndsWith(models[0].GetMetadata("PackedModel"), "fashion.onnx.br");
    }

    [TestMethod]
    [DataRow("C#", ".g.cs")]
    [DataRow("F#", ".g.fs")]
    [DataRow("VB", ".g.vb")]
    public void Execute_Language_NamesTheSourceFile(string language, string extension)
    {
        using var project = new TaskProject { Language = language };

        project.AddModel("fashion.onnx");

        ITaskItem model = project.WriteRequest().Task.RequestedModels.Single();
        StringAssert.EndsWith(model.GetMetadata("GeneratedCode"), "fashion" + extension);
        StringAssert.EndsWith(model.GetMetadata("GeneratedMetadata"), "fashion.metadata" + extension);
    }

    [TestMethod]
    public void Execute_OtherLanguage_NoClassIsExpected()
    {
        using var project = new TaskProject { Language = "C++" };
        project.AddModel("fashion.onnx");

        ITaskItem model = project.WriteRequest().Task.RequestedModels.Single();
        Assert.AreEqual("", model.GetMetadata("GeneratedCode"));
        Assert.AreEqual("", model.GetMetadata("GeneratedMetadata"));
    }

    [TestMethod]
    public void Execute_OutputDirectoryIsAFile_OneErrorWithCode()
    {
        using var project = new TaskProject();
        project.AddModel("fashion.onnx");
        project.Write("obj/quantbuild", "in the way");

        Assert.ThrowsExactly<AssertFailedException>(() => project.WriteRequest());
        Assert.AreEqual("QB9004", project.Engine.Errors.Single().Code);
    }

    private static string Text(IEnumerable<RequestSetting> settings) =>
        string.Join(" ", settings.Select(setting => setting.Name + "=" + setting.Value));
}
