using System.Text.Json;
using QuantBuild.Settings;
using QuantBuild.Testing;
using QuantBuild.Testing.Nets;

namespace QuantBuild.OnnxRuntime.Tests.Pipeline;

/// <summary>Weights below 8 bits, from the settings to the file that ships.</summary>
[TestClass]
public sealed class LowBitsTests
{
    public static IEnumerable<object[]> Nets => GeneratedNets.All.Select(net => new object[] { net.Name });

    [TestMethod]
    [DataRow("WeightOnly", "Int4", 25.0, 0.22)]
    [DataRow("WeightOnly", "UInt4", 25.0, 0.23)]
    [DataRow("WeightOnly", "Int3", 20.0, 0.20)]
    [DataRow("WeightOnly", "Int2", 12.0, 0.17)]
    [DataRow("Palettized", "Int4", 25.0, 0.22)]
    [DataRow("Palettized", "Int2", 12.0, 0.17)]
    [DataRow("Static", "Int4", 22.0, 0.23)]
    [DataRow("Static", "Int3", 15.0, 0.21)]
    public void Digits_FewBits_AreSmallAndNear(string scheme, string type, double leastDecibels, double mostOfFloat)
    {
        using PipelineProject project = PipelineProject.Digits(("Scheme", scheme), ("WeightType", type)).QuantizeAll();

        JsonElement report = project.Report("digits");
        Assert.IsGreaterThan(leastDecibels, Decibels(report));
        Assert.IsLessThan(mostOfFloat, report.GetProperty("size").GetProperty("ratio").GetDouble());
        if (scheme == "Static")
            Assert.AreEqual(report.GetProperty("kernels").GetProperty("planned").GetInt32(), report.GetProperty("kernels").GetProperty("fused").GetInt32());
    }

    [TestMethod]
    [DataRow("Nearest")]
    [DataRow("Gptq")]
    [DataRow("CoordinateDescent")]
    [DataRow("AdaRound")]
    [DataRow("SequentialMse")]
    [DataRow("Hqq")]
    [DataRow("KQuant")]
    [DataRow("ScaleEstimation")]
    [DataRow("Awq")]
    public void Digits_EveryRounding_GivesAFileOfItsOwn(string rounding)
    {
        using PipelineProject project = PipelineProject.Digits(("Scheme", "WeightOnly"), ("WeightType", "Int3"), ("Rounding", rounding)).QuantizeAll();
        using PipelineProject nearest = PipelineProject.Digits(("Scheme", "WeightOnly"), ("WeightType", "Int3"), ("Rounding", "Nearest")).QuantizeAll();

        Assert.IsGreaterThan(8.0, Decibels(project.Report("digits")));
        Assert.AreEqual(
            rounding == "Nearest", File.ReadAllBytes(project.Output("digits.onnx")).SequenceEqual(File.ReadAllBytes(nearest.Output("digits.onnx"))));
        if (rounding is "Gptq" or "CoordinateDescent" or "AdaRound")
            Assert.IsGreaterThan(Decibels(nearest.Report("digits")) + 2, Decibels(project.Report("digits")));
    }

    [TestMethod]
    [DataRow("KMeans")]
    [DataRow("NormalFloat")]
    [DataRow("PowersOfTwo")]
    [DataRow("-1;-0.5;-0.25;-0.1;0;0.1;0.25;0.5;1")]
    public void Digits_EveryCodebook_IsWritten(string codebook)
    {
        using PipelineProject floats = PipelineProject.Digits(("Scheme", "Palettized"), ("WeightType", "Int4"), ("Codebook", codebook)).QuantizeAll();
        using PipelineProject integers = PipelineProject.Digits(("Scheme", "Static"), ("WeightType", "Int4"), ("Codebook", codebook)).QuantizeAll();

        Assert.IsGreaterThan(15.0, Decibels(floats.Report("digits")));
        Assert.IsGreaterThan(12.0, Decibels(integers.Report("digits")));
    }

    [TestMethod]
    [DataRow("Int4", "32", 22.0)]
    [DataRow("Int3", "16", 15.0)]
    [DataRow("Int8", "32", 30.0)]
    public void Digits_BlocksInIntegerKernels_AreMultiplesOfTheChannel(string type, string block, double leastDecibels)
    {
        using PipelineProject project = PipelineProject.Digits(("Scheme", "Static"), ("WeightType", type), ("BlockSize", block)).QuantizeAll();

        JsonElement kernels = project.Report("digits").GetProperty("kernels");
        Assert.IsGreaterThan(leastDecibels, Decibels(project.Report("digits")));
        Assert.AreEqual(kernels.GetProperty("planned").GetInt32(), kernels.GetProperty("fused").GetInt32());
    }

    [TestMethod]
    public void Digits_OneBit_HasTwoValues()
    {
        using PipelineProject project = PipelineProject.Digits(("Scheme", "Palettized"), ("WeightType", "Int1")).QuantizeAll();

        Assert.IsLessThan(0.15, project.Report("digits").GetProperty("size").GetProperty("ratio").GetDouble());
        Assert.IsGreaterThan(2.0, Decibels(project.Report("digits")));
    }

    [TestMethod]
    public void Digits_BlockReconstruction_HelpsWhatWasRoundedToTheNearest()
    {
        (string, string)[] settings = [("Scheme", "WeightOnly"), ("WeightType", "Int3"), ("BlockSize", "Channel"), ("Rounding", "Nearest")];
        using PipelineProject without = PipelineProject.Digits(settings).QuantizeAll();
        using PipelineProject with = PipelineProject.Digits([.. settings, ("BlockReconstruction", "true")]).QuantizeAll();

        JsonElement learned = with.Report("digits").GetProperty("recovery").EnumerateArray().Single(step => step.GetProperty("step").GetString() == "BlockReconstruction");
        Assert.IsTrue(learned.GetProperty("kept").GetBoolean(), learned.ToString());
        Assert.IsGreaterThan(Decibels(without.Report("digits")) + 2, Decibels(with.Report("digits")));
    }

    [TestMethod]
    public void Digits_WithoutData_IsRoundedByItself()
    {
        using PipelineProject project = new PipelineProject().WithModel("digits", TestModels.Digits(), ("Scheme", "WeightOnly"), ("WeightType", "Int4")).QuantizeAll();

        Assert.IsLessThan(0.22, project.Report("digits").GetProperty("size").GetProperty("ratio").GetDouble());
    }

    [TestMethod]
    [DynamicData(nameof(Nets))]
    public void Net_FourBits_RunsAndIsSmaller(string name)
    {
        const int Count = 40;
        GeneratedNet net = GeneratedNets.Of(name);
        using PipelineProject project = new PipelineProject().WithData("data.npz", [.. net.Samples(Count, seed: 3)]);
        string data = Path.Combine(project.Directory, "data.npz");
        foreach (string scheme in new[] { "WeightOnly", "Static" })
            project.WithModel(scheme.ToLowerInvariant(), net.Model, ("Scheme", scheme), ("WeightType", "Int4"), ("CalibrationData", data), ("Metric", "SignalToNoise"), ("Gate", "Off"));
        project.WithModel("eight", net.Model, ("Scheme", "WeightOnly"), ("CalibrationData", data), ("Metric", "SignalToNoise"), ("Gate", "Off"));

        ProjectResult result = project.Quantize();

        Assert.IsEmpty(PipelineProject.Errors(result), string.Join('\n', result.Diagnostics));
        Assert.IsGreaterThan(6.0, Decibels(project.Report("weightonly")), name);
        Assert.IsLessThan(new FileInfo(project.Output("eight.onnx")).Length, new FileInfo(project.Output("weightonly.onnx")).Length, name);
    }

    [TestMethod]
    public void Variants_WeightOnly4_IsSmallerThanWeightOnly8()
    {
        using PipelineProject project = PipelineProject.Digits().WithVariants("WeightOnly8", "WeightOnly4").QuantizeAll();

        Assert.IsLessThan(new FileInfo(project.Output("digits.WeightOnly8.onnx")).Length, new FileInfo(project.Output("digits.WeightOnly4.onnx")).Length);
    }

    private static double Decibels(JsonElement report) => report.GetProperty("accuracy").GetProperty("sqnrDecibels").GetDouble();
}
