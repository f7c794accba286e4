using System.Globalization;
using System.Text.Json;
using QuantBuild.Testing.Nets;

namespace QuantBuild.OnnxRuntime.Tests.Pipeline;

/// <summary>What a search for the form of every layer ships.</summary>
[TestClass]
public sealed class LayerSearchTests
{
    [TestMethod]
    [DataRow("Exact")]
    [DataRow("Evolutionary")]
    public void Digits_LimitOfAccuracy_IsSmallerThanEightBitsAndKeepsIt(string method)
    {
        (string, string)[] settings = [.. SearchedProject.Within("0.01", "8s"), ("SearchMethod", method)];
        using PipelineProject project = SearchedProject.Digits(settings).QuantizeAll();

        JsonElement[] candidates = project.Candidates("digits");
        JsonElement chosen = project.Chosen("digits");
        Assert.AreEqual(new FileInfo(project.Output("digits.onnx")).Length, chosen.Bytes());
        Assert.IsLessThan(0.85 * candidates[0].Bytes(), chosen.Bytes(), "The first one is everything in 8 bits.");
        Assert.IsLessThanOrEqualTo(0.01, chosen.Drop());
        Assert.AreEqual(chosen.Drop(), project.Report("digits").GetProperty("accuracy").GetProperty("drop").GetDouble());
        Assert.AreEqual(chosen.Bytes(), candidates.Where(SearchedProject.Fits).Min(SearchedProject.Bytes));
        Assert.AreEqual(method, project.Search("digits")!.Value.GetProperty("method").GetString());
        Assert.HasCount(project.Search("digits")!.Value.GetProperty("evaluations").GetInt32(), candidates);
        Assert.IsNotEmpty(project.Layers("digits"));
    }

    [TestMethod]
    public void Digits_MaxModelSize_IsTheMostAccurateThatIsSmallEnough()
    {
        using PipelineProject eight = SearchedProject.Digits().QuantizeAll();
        long most = new FileInfo(eight.Output("digits.onnx")).Length * 7 / 10;
        using PipelineProject project = SearchedProject.Digits(
            ("MaxModelSize", most.ToString(CultureInfo.InvariantCulture)), ("TimeBudget", "4s")).QuantizeAll();

        JsonElement chosen = project.Chosen("digits");
        Assert.IsLessThanOrEqualTo(most, new FileInfo(project.Output("digits.onnx")).Length);
        Assert.AreEqual(chosen.Decibels(), project.Candidates("digits").Where(SearchedProject.Fits).Max(SearchedProject.Decibels));
        Assert.IsGreaterThan(15.0, chosen.Decibels());
    }

    [TestMethod]
    public void Digits_MaxSlowdown_IsKeptByTheSmallest()
    {
        using PipelineProject eight = SearchedProject.Digits().QuantizeAll();
        double most = 1.05 * eight.Report("digits").GetProperty("kernels").GetProperty("estimatedCost").GetDouble();
        using PipelineProject project = SearchedProject.Digits(
        [
            .. SearchedProject.Within("0.02"), ("Objective", "Size"), ("MaxSlowdown", most.ToString("0.#####", CultureInfo.InvariantCulture)),
        ]).QuantizeAll();

        Assert.IsLessThanOrEqualTo(most, project.Chosen("digits").Cost());
        Assert.IsLessThanOrEqualTo(project.Candidates("digits")[0].Bytes(), project.Chosen("digits").Bytes());
    }

    [TestMethod]
    public void Digits_Latency_NoCandidateThatFitsIsFaster()
    {
        (string, string)[] settings = [.. SearchedProject.Within("0.02"), ("Objective", "Latency")];
        using PipelineProject project = SearchedProject.Digits(settings).QuantizeAll();

        Assert.AreEqual(project.Candidates("digits").Where(SearchedProject.Fits).Min(SearchedProject.Cost), project.Chosen("digits").Cost());
    }

    [TestMethod]
    public void Digits_Accuracy_IsNearerToTheFloatModelThanEightBits()
    {
        using PipelineProject project = SearchedProject.Digits(
            ("Objective", "Accuracy"), ("MaxModelSize", "30000"), ("TimeBudget", "10s")).QuantizeAll();

        JsonElement[] candidates = project.Candidates("digits");
        Assert.AreEqual(candidates.Where(SearchedProject.Fits).Max(SearchedProject.Decibels), project.Chosen("digits").Decibels());
        Assert.IsGreaterThan(candidates[0].Decibels(), project.Chosen("digits").Decibels());
    }

    [TestMethod]
    [DataRow("MaxModelSize", "2000", "QB7010", "bytes less")]
    [DataRow("MaxSlowdown", "0.001", "QB7011", "less of the float model's time")]
    public void Digits_NothingFits_TheNearestIsRejectedAndTheReportSaysWhatIsMissing(string limit, string value, string code, string missing)
    {
        using PipelineProject project = SearchedProject.Digits([.. SearchedProject.Within("0.01", "3s"), (limit, value)]);

        ProjectResult result = project.Quantize();

        CollectionAssert.Contains(PipelineProject.Errors(result), code);
        Assert.IsFalse(File.Exists(project.Output("digits.onnx")));
        Assert.IsTrue(File.Exists(project.Output("digits.rejected.onnx")));
        Assert.IsTrue(project.Candidates("digits").All(candidate => !candidate.Fits()));
        StringAssert.Contains(project.Chosen("digits").GetProperty("misses").GetString()!, missing);
    }

    [TestMethod]
    public void Digits_AccuracyThatNothingKeeps_TheGateFails()
    {
        using PipelineProject project = SearchedProject.Digits(("Metric", "CosineSimilarity"), ("MinAccuracy", "1"), ("TimeBudget", "2s"));

        CollectionAssert.Contains(PipelineProject.Errors(project.Quantize()), "QB7002");

        StringAssert.Contains(project.Chosen("digits").GetProperty("misses").GetString()!, "less drop");
    }

    [TestMethod]
    public void Digits_NoBudget_NothingIsSearched()
    {
        using PipelineProject project = SearchedProject.Digits(SearchedProject.Within("0.01", "0")).QuantizeAll();

        Assert.IsNull(project.Search("digits"));
        Assert.IsFalse(File.Exists(project.Output("digits.candidates.json")));
    }

    [TestMethod]
    public void Digits_MachineThatIsFarTooSlow_IsStoppedAndToldOf()
    {
        using PipelineProject project = SearchedProject.Digits(SearchedProject.Within("0.01"));
        project.Time = new RunningClock();

        ProjectResult result = project.Quantize();

        Assert.IsTrue(result.Succeeded, string.Join('\n', result.Diagnostics));
        CollectionAssert.Contains(PipelineProject.Codes(result), "QB5004");
        Assert.IsTrue(project.Search("digits")!.Value.GetProperty("stoppedByClock").GetBoolean());
        Assert.HasCount(1, project.Candidates("digits"));
    }

    [TestMethod]
    public void Small_WithoutLabels_OutputsAreCompared()
    {
        using PipelineProject project = SearchedProject.Small(SearchedProject.Within("0.002")).QuantizeAll();

        Assert.AreEqual("CosineSimilarity", project.Report("small").GetProperty("accuracy").GetProperty("metric").GetString());
        Assert.IsLessThan(project.Candidates("small")[0].Bytes(), project.Chosen("small").Bytes());
    }

    [TestMethod]
    public void Small_ValidationDataOnly_SearchesAmongFloatKernels()
    {
        using PipelineProject project = SearchedProject.Small().WithModel(
            "small", SearchedProject.SmallNet(), [("ValidationData", "rows.npz"), .. SearchedProject.Within("0.002")]).QuantizeAll();

        Assert.IsLessThan(project.Candidates("small")[0].Bytes(), project.Chosen("small").Bytes());
        string[] forms = [.. project.Layers("small").Values];
        Assert.IsTrue(Array.TrueForAll(forms, form => form.StartsWith("Float", StringComparison.Ordinal)), string.Join(' ', forms));
    }

    [TestMethod]
    [DataRow("lstm-classifier")]
    [DataRow("control-flow")]
    [DataRow("transformer-encoder")]
    public void Net_LimitOfAccuracy_IsNoLargerThanEightBits(string name)
    {
        using PipelineProject project = SearchedProject.Of(GeneratedNets.Of(name), SearchedProject.Within("0.01", "3s")).QuantizeAll();

        Assert.IsTrue(project.Chosen(name).Fits());
        Assert.IsLessThan(project.Candidates(name)[0].Bytes(), project.Chosen(name).Bytes());
    }

    /// <summary>An hour goes by between two looks.</summary>
    private sealed class RunningClock : TimeProvider
    {
        private long hours;

        public override long GetTimestamp() => hours++ * 3600 * TimestampFrequency;
    }
}
