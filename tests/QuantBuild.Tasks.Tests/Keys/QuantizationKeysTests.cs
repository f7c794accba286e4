using QuantBuild.Tasks.Keys;
using QuantBuild.Tasks.Protocol;
using QuantBuild.Tasks.Requests;

namespace QuantBuild.Tasks.Tests.Keys;

[TestClass]
public sealed class QuantizationKeysTests
{
    [TestMethod]
    public void WhyStale_NothingRecorded_NotQuantizedYet()
    {
        using TaskProject project = Quantized(record: false);
        Assert.AreEqual("it has not been quantized yet", WhyStale(project));
    }

    [TestMethod]
    public void WhyStale_SameContentElsewhereInTime_Null()
    {
        using TaskProject project = Quantized();
        project.Write("fashion.onnx", "model");
        project.Write("data.npz", "data");
        project.Write("worker/quantbuild.pdb", "no part of the program");
        Assert.IsNull(WhyStale(project));
    }

    [TestMethod]
    [DataRow("fashion.onnx", DisplayName = "the model")]
    [DataRow("fashion.weights", DisplayName = "weights that only the model names")]
    [DataRow("data.npz", DisplayName = "the data")]
    public void WhyStale_OtherContent_NamesTheFile(string file)
    {
        using TaskProject project = Quantized();
        project.Write(file, "something else");
        Assert.AreEqual($"'{project.File(file)}' changed", WhyStale(project));
        File.Delete(project.File(file));
        Assert.AreEqual($"'{project.File(file)}' is missing", WhyStale(project));
    }

    [TestMethod]
    [DataRow("worker/quantbuild.dll", DisplayName = "the worker")]
    [DataRow("worker/QuantBuild.Core.dll", DisplayName = "the core")]
    [DataRow("worker/quantbuild.deps.json", DisplayName = "the versions that the worker uses")]
    public void WhyStale_OtherTool_Changed(string file)
    {
        using TaskProject project = Quantized();
        project.Write(file, "something else");
        Assert.AreEqual("settings, or QuantBuild itself, changed", WhyStale(project));
    }

    [TestMethod]
    public void WhyStale_OtherSetting_Changed()
    {
        using TaskProject project = Quantized();
        project.SetProperty("MaxAccuracyDrop", "0.02");
        Assert.AreEqual("settings, or QuantBuild itself, changed", WhyStale(project));

        project.SetProperty("MaxAccuracyDrop", "");
        Assert.IsNull(WhyStale(project));

        project.SetProperty("LockedMode", "true");
        Assert.IsNull(WhyStale(project), "It decides nothing about the model.");

        project.Items[0].SetMetadata("Scheme", "None");
        Assert.AreEqual("settings, or QuantBuild itself, changed", WhyStale(project));
    }

    [TestMethod]
    public void Record_InputChangedMeanwhile_NothingIsRecorded()
    {
        using TaskProject project = Quantized(record: false);
        (QuantizationKeys keys, RequestModel model) = Keys(project);
        Assert.AreEqual(Recording.InputsChanged, keys.Record(model, inputs: null));
        Assert.AreEqual("it has not been quantized yet", WhyStale(project));
    }

    [TestMethod]
    public void WhyStale_OutputEdited_Changed()
    {
        using TaskProject project = Quantized();
        File.AppendAllText(project.Output("fashion.onnx"), "x");
        Assert.AreEqual("'fashion.onnx' changed", WhyStale(project));
    }

    [TestMethod]
    public void WhyStale_OutputDeleted_Missing()
    {
        using TaskProject project = Quantized();
        File.Delete(project.Output("fashion.report.json"));
        Assert.AreEqual("'fashion.report.json' is missing", WhyStale(project));
    }

    [TestMethod]
    public void WhyStale_ConstantsOfTheClassWithoutValues_Changed()
    {
        using TaskProject project = Quantized();
        project.Write("obj/quantbuild/fashion.metadata.g.cs", "unmeasured");
        Assert.AreEqual("'fashion.metadata.g.cs' changed", WhyStale(project));
    }

    [TestMethod]
    [DataRow("fashion.onnx.data")]
    [DataRow("fashion.onnx.br")]
    public void WhyStale_FileBesideTheModelDeleted_Missing(string file)
    {
        using TaskProject project = Quantized(record: false);
        project.Write("obj/quantbuild/" + file, "content");
        (QuantizationKeys keys, RequestModel model) = Keys(project);
        keys.WhyStale(model);
        keys.Record(model, Read(project));
        project.Write("obj/quantbuild/quantized.stamp", "");

        Assert.IsNull(WhyStale(project));

        File.Delete(project.Output(file));
        Assert.AreEqual($"'{file}' is missing", WhyStale(project));
        Assert.IsFalse(File.Exists(project.Output("quantized.stamp")), "MSBuild must not skip the target.");
    }

    private static TaskProject Quantized(bool record = true)
    {
        var project = new TaskProject();
        project.AddModel("fashion.onnx", ("CalibrationData", "data.npz"));
        project.Write("obj/quantbuild/fashion.onnx", "quantized");
        project.Write("obj/quantbuild/fashion.report.json", "{}");
        project.Write("obj/quantbuild/fashion.report.html", "<!DOCTYPE html>");
        project.Write("obj/quantbuild/fashion.lock.json", "{}");
        project.Write("obj/quantbuild/fashion.metadata.g.cs", "measured");
        project.Write("fashion.weights", "weights");
        if (record)
        {
            (QuantizationKeys keys, RequestModel model) = Keys(project);
            keys.WhyStale(model);
            Assert.AreEqual(Recording.Done, keys.Record(model, Read(project)));
        }

        return project;
    }

    /// <summary>What a worker says that it read: more than the settings name.</summary>
    private static List<ResultInput> Read(TaskProject project) =>
    [
        .. new[] { "fashion.onnx", "fashion.weights", "data.npz" }
            .Select(name => new ResultInput { Path = project.File(name), Sha256 = ModelKey.FileHash(project.File(name)) }),
    ];

    private static string? WhyStale(TaskProject project)
    {
        (QuantizationKeys keys, RequestModel model) = Keys(project);
        return keys.WhyStale(model);
    }

    private static (QuantizationKeys Keys, RequestModel Model) Keys(TaskProject project)
    {
        WorkerRequest request = project.WriteRequest().Request;
        return (new QuantizationKeys(request, new SettingNames([.. project.Settings]), project.File("worker")), request.Models.Single());
    }
}
