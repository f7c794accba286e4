using System.Text.Json;
using System.Text.Json.Nodes;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Pipeline;

/// <summary>A search depends on nothing but its inputs, and one that was stopped goes on where it was.</summary>
[TestClass]
public sealed class LayerSearchResumeTests
{
    private const double ShareOfProbe = 0.2000001;

    private static readonly (string Processors, string Culture)[] Machines = [("1", "C"), ("2", "tr_TR.UTF-8"), ("5", "de_DE.UTF-8")];

    [TestMethod]
    public void Search_ThreeMachines_SameChoiceAndSameBytes()
    {
        byte[]? first = null;
        string? layers = null;
        foreach ((string processors, string culture) in Machines)
        {
            using PipelineProject project = SearchedProject.Small(SearchedProject.Within("0.001", "8s"));
            string result = project.RunWorker(runtimeLibrary: null, new Dictionary<string, string>
            {
                ["DOTNET_PROCESSOR_COUNT"] = processors, ["LANG"] = culture, ["LC_ALL"] = culture,
            });

            Assert.IsTrue(File.Exists(project.Output("small.onnx")), result);
            Assert.IsGreaterThan(3, project.Candidates("small").Length);
            Assert.IsFalse(project.Search("small")!.Value.GetProperty("stoppedByClock").GetBoolean(), "The machine is too busy for this test.");
            layers ??= Text(project, "small");
            first ??= File.ReadAllBytes(project.Output("small.onnx"));
            Assert.AreEqual(layers, Text(project, "small"), $"{processors} processors, {culture}");
            CollectionAssert.AreEqual(first, File.ReadAllBytes(project.Output("small.onnx")), $"{processors} processors, {culture}");
        }
    }

    [TestMethod]
    [DataRow("Exact", 1)]
    [DataRow("Evolutionary", 2)]
    public void Digits_StoppedHalfWay_GoesOnToTheSameChoice(string method, int after)
    {
        (string, string)[] settings = [.. SearchedProject.Within("0.01", "6s"), ("SearchMethod", method)];
        using PipelineProject whole = SearchedProject.Digits(settings).QuantizeAll();
        using PipelineProject stopped = SearchedProject.Digits(settings);
        int all = whole.Candidates("digits").Length - 1;
        Assert.IsGreaterThan(after, all);

        Stop(stopped, after);
        Assert.IsFalse(File.Exists(stopped.Output("digits.onnx")));
        int second = Evaluations(stopped);

        Assert.AreEqual(all - after, second);
        Assert.HasCount(all + 1, stopped.Candidates("digits"));
        Assert.AreEqual(Text(whole, "digits"), Text(stopped, "digits"));
        CollectionAssert.AreEqual(File.ReadAllBytes(whole.Output("digits.onnx")), File.ReadAllBytes(stopped.Output("digits.onnx")));
    }

    [TestMethod]
    public void Digits_StoppedBeforeItsReport_MeasuresNothingAgain()
    {
        using PipelineProject project = SearchedProject.Digits(SearchedProject.Within("0.01")).QuantizeAll();
        byte[] first = File.ReadAllBytes(project.Output("digits.onnx"));
        File.Delete(project.Output("digits.onnx"));

        Assert.AreEqual(0, Evaluations(project));

        CollectionAssert.AreEqual(first, File.ReadAllBytes(project.Output("digits.onnx")));
        Assert.AreEqual(project.Chosen("digits").Drop(), project.Report("digits").GetProperty("accuracy").GetProperty("drop").GetDouble());
    }

    [TestMethod]
    public void Digits_OtherLimit_TakesTheTableOfLayers()
    {
        using PipelineProject project = SearchedProject.Digits(SearchedProject.Within("0.01")).QuantizeAll();
        byte[] table = File.ReadAllBytes(project.Output("digits.sensitivity"));
        DateTime written = Age(project.Output("digits.sensitivity"));
        using PipelineProject fresh = SearchedProject.Digits(SearchedProject.Within("0.03", "3s")).QuantizeAll();
        (string, string)[] other = [("CalibrationData", PipelineProject.DigitsData), .. SearchedProject.Within("0.03", "3s")];
        project.WithModel("digits", TestModels.Digits(), other);

        int evaluations = Evaluations(project);

        Assert.AreEqual(fresh.Candidates("digits").Length - 1, evaluations, "Candidates of another limit do not count.");
        CollectionAssert.AreEqual(table, File.ReadAllBytes(project.Output("digits.sensitivity")));
        Assert.AreEqual(written, File.GetLastWriteTimeUtc(project.Output("digits.sensitivity")), "It is complete, and not written again.");
        CollectionAssert.AreEqual(File.ReadAllBytes(fresh.Output("digits.onnx")), File.ReadAllBytes(project.Output("digits.onnx")));
    }

    [TestMethod]
    [DataRow("digits.candidates.json", "cut")]
    [DataRow("digits.candidates.json", "text")]
    [DataRow("digits.candidates.json", "foreign")]
    [DataRow("digits.sensitivity", "cut")]
    [DataRow("digits.sensitivity", "text")]
    [DataRow("digits.sensitivity", "foreign")]
    public void Digits_DamagedOrForeignState_IsMeasuredAgain(string file, string how)
    {
        using PipelineProject project = SearchedProject.Digits(SearchedProject.Within("0.01", "3s")).QuantizeAll();
        byte[] state = File.ReadAllBytes(project.Output(file));
        byte[] model = File.ReadAllBytes(project.Output("digits.onnx"));
        int all = project.Candidates("digits").Length - 1;
        if (file != "digits.candidates.json")
            File.Delete(project.Output("digits.candidates.json"));
        File.WriteAllBytes(project.Output(file), how switch
        {
            "cut" => state[..(state.Length / 2)],
            "text" => "{ \"version\": 1, "u8.ToArray(),
            _ => OfAnotherModel(file),
        });

        Assert.AreEqual(all, Evaluations(project));

        CollectionAssert.AreEqual(model, File.ReadAllBytes(project.Output("digits.onnx")));
        CollectionAssert.AreEqual(state, File.ReadAllBytes(project.Output(file)));
    }

    /// <summary>A record that fits in every way but names forms that the layers do not have.</summary>
    [TestMethod]
    public void Digits_RecordOfLayersThatThereAreNot_IsBuiltAllTheSame()
    {
        using PipelineProject project = SearchedProject.Digits(SearchedProject.Within("0.01", "3s")).QuantizeAll();
        JsonNode record = JsonNode.Parse(File.ReadAllBytes(project.Output("digits.candidates.json")))!;
        foreach (JsonNode? candidate in record["candidates"]!.AsArray())
            candidate!["forms"] = new JsonObject { ["nothing"] = "Integer8" };
        File.WriteAllText(project.Output("digits.candidates.json"), record.ToJsonString());

        File.Delete(project.LockFile);
        project.QuantizeAll();

        Assert.IsTrue(project.Chosen("digits").Fits());
        Assert.AreEqual(project.Chosen("digits").Bytes(), new FileInfo(project.Output("digits.onnx")).Length);
    }

    private static byte[] OfAnotherModel(string file)
    {
        using PipelineProject other = SearchedProject.Small(SearchedProject.Within("0.01", "2s")).QuantizeAll();
        return File.ReadAllBytes(other.Output(file.Replace("digits", "small", StringComparison.Ordinal)));
    }

    private static DateTime Age(string path)
    {
        File.SetLastWriteTimeUtc(path, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        return File.GetLastWriteTimeUtc(path);
    }

    /// <summary>As somebody would who closes the window.</summary>
    private static void Stop(PipelineProject project, int after)
    {
        using var stop = new CancellationTokenSource();
        int seen = 0;
        Assert.Throws<OperationCanceledException>(() => project.Quantize(
            progress =>
            {
                if (IsCandidate(progress) && ++seen == after)
                    stop.Cancel();
            },
            stop.Token));
    }

    /// <returns>Candidates that this build has measured, besides the first one.</returns>
    private static int Evaluations(PipelineProject project)
    {
        File.Delete(project.LockFile);
        int seen = 0;
        ProjectResult result = project.Quantize(progress => seen += IsCandidate(progress) ? 1 : 0);
        Assert.IsTrue(result.Succeeded, string.Join('\n', result.Diagnostics));

        // The stage itself tells once that it is done.
        return seen - 1;
    }

    private static bool IsCandidate(StageProgress progress) => progress is { Stage: "search", Fraction: > ShareOfProbe };

    private static string Text(PipelineProject project, string name) =>
        string.Join('\n', project.Layers(name).Select(layer => $"{layer.Key}={layer.Value}"));
}
