using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Pipeline;

[TestClass]
public sealed class DataInspectionTests
{
    private const int Count = 200;

    private const int Length = 64;

    [TestMethod]
    public void Quantize_GoodData_SaysNothing()
    {
        foreach (int seed in Enumerable.Range(0, 5))
        {
            using PipelineProject project = Project(Net(), Data(seed), Labels(seed)).WithData("other.npz", Image(Data(seed + 100)), Labels(seed + 100));
            CollectionAssert.AreEqual(Array.Empty<string>(), Codes(project.Quantize()), $"seed {seed}");
        }
    }

    [TestMethod]
    public void Quantize_LastQuarterIsLarger_QB4027()
    {
        float[] values = Data(1);
        for (int i = values.Length * 3 / 4; i < values.Length; i++)
            values[i] *= 3;

        StringAssert.Contains(Warning(Project(Net(), values, Labels(1)), "QB4027").Message, "in the last quarter of the 200 calibration samples");
    }

    [TestMethod]
    public void Quantize_ValidationHasCalibrationSamples_QB4028()
    {
        float[] values = Data(1);
        float[] other = Data(2);
        values.AsSpan(0, 30 * Length).CopyTo(other);

        using PipelineProject project = Project(Net(), values, Labels(1)).WithData("other.npz", Image(other), Labels(2));
        Diagnostic warning = project.Quantize().Diagnostics.Single(diagnostic => diagnostic.Code == "QB4028");

        StringAssert.StartsWith(warning.Message, "'other.npz': 30 of the 200 samples that the accuracy is measured on");
        Assert.AreEqual("ValidationData", warning.Origin!.Setting);
    }

    /// <summary>Rows of two values that are 0 or 1 repeat without anybody's mistake.</summary>
    [TestMethod]
    public void Quantize_FewPossibleSamples_OverlapIsNone()
    {
        ModelBuilder net = new ModelBuilder().Input("image", "N,2").Output("scores", "N,3")
            .Weights("w", 2, 8).Node("MatMul", "image w", "h").Weights("v", 8, 3).Node("MatMul", "h v", "scores");
        using var project = new PipelineProject();
        project.WithModel("net", net, ("CalibrationData", "data.npz"), ("ValidationData", "other.npz"))
            .WithData("data.npz", Bits("a")).WithData("other.npz", Bits("b"));

        CollectionAssert.DoesNotContain(PipelineProject.Codes(project.Quantize()), "QB4028");

        static NamedArray Bits(string seed) =>
            NamedArray.Of("image", [Count, 2], [.. SeededValues.Integers(seed, 0, 2, Count * 2).Select(value => (float)value)]);
    }

    [TestMethod]
    public void Quantize_InputThatNeverChanges_QB4029()
    {
        using PipelineProject project = new PipelineProject()
            .WithModel("net", Net(state: true), ("CalibrationData", "data.npz"), ("ValidationData", "other.npz"))
            .WithData("data.npz", Image(Data(1)), NamedArray.Of("state", [Count, 4], new float[Count * 4]), Labels(1))
            .WithData("other.npz", Image(Data(2)), NamedArray.Of("state", [Count, 4], SeededValues.Floats("state", -1, 1, Count * 4)), Labels(2));

        Diagnostic warning = project.Quantize().Diagnostics.Single(diagnostic => diagnostic.Code == "QB4029");

        StringAssert.Contains(warning.Message, "the input 'state' is the same in all 200 samples (nothing but zeros)");
    }

    [TestMethod]
    public void Quantize_IntegersThatNeverChangeBesideOthersThatDo_SaysNothing()
    {
        ModelBuilder net = new ModelBuilder().Input("ids", "N,6", OnnxElementType.Int64).Input("kinds", "N,6", OnnxElementType.Int64).Output("scores", "N,6,3")
            .Weights("table", 50, 16).Node("Gather", "table ids", "words").Weights("second", 2, 16).Node("Gather", "second kinds", "added")
            .Node("Add", "words added", "sum").Weights("w", 16, 3).Node("MatMul", "sum w", "scores");
        using PipelineProject project = new PipelineProject().WithModel("net", net, ("CalibrationData", "data.npz"))
            .WithData(
                "data.npz",
                NamedArray.Of("ids", [Count, 6], SeededValues.Integers("ids", 0, 50, Count * 6)),
                NamedArray.Of("kinds", [Count, 6], new long[Count * 6]));

        CollectionAssert.AreEqual(Array.Empty<string>(), Codes(project.Quantize()));
    }

    [TestMethod]
    public void Quantize_ArrayThatWasNotFilled_QB4030()
    {
        float[] values = Data(1);
        values.AsSpan((Count - 7) * Length).Clear();

        StringAssert.Contains(
            Warning(Project(Net(), values, Labels(1)), "QB4030").Message, "7 of the 200 samples are nothing but zeros, the last 7 among them");
    }

    [TestMethod]
    public void Quantize_PixelsForANormalizationOfSmallValues_QB4031() => StringAssert.Contains(
        Warning(Project(Net(), [.. Data(1).Select(value => MathF.Floor(value * 256))], Labels(1)), "QB4031").Message,
        "before the BatchNormalization 'bn', values lie ");

    [TestMethod]
    public void Quantize_SmallValuesForANormalizationOfPixels_QB4031() => StringAssert.Contains(
        Warning(Project(Net(variance: 65025), Data(1), Labels(1)), "QB4031").Message, "times less than those of the training did");

    [TestMethod]
    public void Quantize_PixelsForABiasOfSmallValues_QB4031()
    {
        float[] pixels = [.. Data(1).Select(value => MathF.Floor(value * 256))];

        StringAssert.Contains(Warning(Project(Net(normalization: false), pixels, Labels(1)), "QB4031").Message, "whole numbers from 0 to 255");

        using PipelineProject divided = Project(Net(normalization: false, divides: true), pixels, Labels(1));
        CollectionAssert.AreEqual(Array.Empty<string>(), Codes(divided.Quantize()));
        using PipelineProject largeBias = Project(Net(normalization: false, bias: 100), pixels, Labels(1));
        CollectionAssert.AreEqual(Array.Empty<string>(), Codes(largeBias.Quantize()));
    }

    [TestMethod]
    public void Quantize_ClassesThatAreMissing_QB4032()
    {
        NamedArray labels = NamedArray.Of("labels", [Count], SeededValues.Integers("labels", 0, 3, Count));

        StringAssert.Contains(Warning(Project(Net(), Data(1), labels), "QB4032").Message, "1 of 4 classes have less than a tenth");
    }

    [TestMethod]
    public void Quantize_ResultFromTheCache_WarnsAgain()
    {
        float[] values = Data(1);
        values.AsSpan((Count - 7) * Length).Clear();
        using PipelineProject project = Project(Net(), values, Labels(1));
        (string, string) cache = ("QuantBuildCacheDirectory", Path.Combine(project.Directory, "cache"));

        string made = project.Quantize(cache).Diagnostics.Single(diagnostic => diagnostic.Code == "QB4030").Message;
        var found = project.Quantize(cache);

        Assert.AreEqual(made, found.Diagnostics.Single(diagnostic => diagnostic.Code == "QB4030").Message);
        Assert.IsTrue(project.Report("net").GetProperty("fromCache").GetBoolean());
    }

    private static Diagnostic Warning(PipelineProject project, string code)
    {
        using (project)
        {
            var result = project.Quantize();
            Assert.AreEqual(code, string.Join(" ", Codes(result)), string.Join('\n', result.Diagnostics));
            return result.Diagnostics.Single(diagnostic => diagnostic.Code == code);
        }
    }

    private static string[] Codes(ProjectResult result) => [.. PipelineProject.Codes(result).Where(code => code is not ("QB4007" or "QB7006"))];

    private static PipelineProject Project(ModelBuilder net, float[] values, NamedArray labels) => new PipelineProject()
        .WithModel("net", net, ("CalibrationData", "data.npz"), ("ValidationData", "other.npz"))
        .WithData("data.npz", Image(values), labels)
        .WithData("other.npz", Image(Data(78)), Labels(77));

    private static NamedArray Image(float[] values) => NamedArray.Of("image", [Count, 1, 8, 8], values);

    private static float[] Data(int seed) => SeededValues.Floats($"data {seed}", 0, 1, Count * Length);

    private static NamedArray Labels(int seed) => NamedArray.Of("labels", [Count], SeededValues.Integers($"labels {seed}", 0, 4, Count));

    private static ModelBuilder Net(bool state = false, bool normalization = true, bool divides = false, float variance = 1, float bias = 0.5f)
    {
        ModelBuilder net = new ModelBuilder().Input("image", "N,1,8,8").Output("scores", "N,4").Weights("filters", 4, 1, 3, 3);
        if (state)
            net.Input("state", "N,4");
        string first = "image";
        if (divides)
            (net, first) = (net.Floats("size", [], 255).Node("Div", "image size", "small"), "small");
        net = normalization
            ? net.Node("Conv", $"{first} filters", "seen").Floats("one", [4], 1, 1, 1, 1).Floats("zero", [4], 0, 0, 0, 0)
                .Floats("variance", [4], variance, variance, variance, variance)
                .Node("BatchNormalization", "seen one zero zero variance", "even", ("name", "bn"))
            : net.Floats("bias", [4], bias, -bias, bias, bias).Node("Conv", $"{first} filters bias", "even");
        net.Node("Relu", "even", "kept").Node("GlobalAveragePool", "kept", "pooled").Node("Flatten", "pooled", "flat");
        if (state)
            net.Node("Add", "flat state", "with");
        return net.Weights("w", 4, 4).Node("MatMul", state ? "with w" : "flat w", "scores");
    }
}
