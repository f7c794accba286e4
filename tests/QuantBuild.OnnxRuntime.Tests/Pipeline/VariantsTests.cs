using System.Text.Json;
using QuantBuild.OnnxRuntime.Tests.Generation;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Pipeline;

/// <summary>Several forms of one model from one item: each is made, gated and recorded by itself, and one class loads them.</summary>
[TestClass]
public sealed class VariantsTests
{
    private static readonly string[] All = ["Static", "WeightOnly8", "Float16", "None"];

    [TestMethod]
    public void Quantize_Variants_EachHasItsOwnModelReportAndEntry()
    {
        using PipelineProject project = Digits(All);

        ProjectResult result = project.Quantize();

        Assert.IsEmpty(PipelineProject.Errors(result), string.Join('\n', result.Diagnostics));
        CollectionAssert.AreEqual(All.Select(name => "digits.onnx#" + name).ToArray(), result.Models.Select(model => model.Include).ToArray());
        Assert.AreEqual(
            "Static WeightOnly Float16 None",
            string.Join(' ', All.Select(name => project.Report("digits." + name).GetProperty("settings").GetProperty("Scheme").GetString())));
        StringAssert.StartsWith(result.Models[1].Summary, "digits.onnx#WeightOnly8: ");
        CollectionAssert.AreEqual(TestModels.Digits(), File.ReadAllBytes(project.Output("digits.None.onnx")));
        string[] entries =
        [
            .. JsonDocument.Parse(File.ReadAllBytes(project.LockFile)).RootElement.GetProperty("models").EnumerateObject().Select(entry => entry.Name),
        ];
        CollectionAssert.AreEquivalent(All.Select(name => "digits.onnx#" + name).ToArray(), entries);
    }

    [TestMethod]
    public void Quantize_Report_EstimatesWhatIntegersGain()
    {
        ModelBuilder model = new ModelBuilder().Input("x", "n,512").Output("y").Weights("w", 512, 512).Weights("b", 512).Node("Gemm", "x w b", "y");
        using PipelineProject project = new PipelineProject().WithModel(
            "product", model, ("Variants", "Dynamic;Float16"), ("CalibrationData", "data.npz")).WithVariants("Dynamic", "Float16")
            .WithData("data.npz", NamedArray.Of("x", [64, 512], SeededValues.Floats("x", -1, 1, 64 * 512))).QuantizeAll();

        Assert.IsInRange(0.01, 0.9, Cost(project, "product.Dynamic"));
        Assert.AreEqual(1.0, Cost(project, "product.Float16"));
    }

    /// <summary>The plan that the same table finds cheapest is never dearer than float.</summary>
    [TestMethod]
    public void Quantize_ObjectiveLatency_IsEstimatedAsNoSlower()
    {
        using PipelineProject project = PipelineProject.Digits(("Objective", "Latency")).QuantizeAll();

        Assert.IsLessThanOrEqualTo(1.0, Cost(project, "digits"));
    }

    [TestMethod]
    public void Quantize_OneVariantFailsAtTheGate_TheOthersAreThere()
    {
        using PipelineProject project = Digits(["Float16", "Static"], ("MaxAccuracyDrop", "0"), ("Metric", "CosineSimilarity"), ("MinAccuracy", "0.9999999"));

        ProjectResult result = project.Quantize();

        Assert.Contains("QB7002", PipelineProject.Errors(result));
        string[] failed = [.. result.Diagnostics.Where(problem => problem.Code.StartsWith("QB7", StringComparison.Ordinal)).Select(problem => problem.Origin!.Model!)];
        Assert.Contains("digits.onnx#Static", failed);
        Assert.IsFalse(File.Exists(project.Output("digits.Static.onnx")));
        Assert.IsTrue(File.Exists(project.Output("digits.Static.rejected.onnx")));
        Assert.IsFalse(File.Exists(project.LockFile), "A project that fails records nothing.");
    }

    [TestMethod]
    public void Quantize_VariantIsGone_ItsEntryGoes()
    {
        using PipelineProject project = Digits("Static", "Float16").QuantizeAll();

        project.WithModel("digits", TestModels.Digits(), ("CalibrationData", PipelineProject.DigitsData)).WithVariants("Static").QuantizeAll();

        Assert.DoesNotContain("digits.onnx#Float16", File.ReadAllText(project.LockFile));
        StringAssert.Contains(File.ReadAllText(project.LockFile), "digits.onnx#Static");
    }

    [TestMethod]
    public void Check_DamagedModel_IsToldOnce()
    {
        using PipelineProject project = new PipelineProject().WithModel("digits", [1, 2, 3]).WithVariants("Static", "None", "Float16");

        Assert.HasCount(1, PipelineProject.Errors(project.Quantize()).Where(code => code != "QB1007"));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Load_EveryVariant_RunsItsOwnModel(bool embed)
    {
        using PipelineProject project = Digits(All, ("Embed", embed ? "true" : "false")).GenerateAll().QuantizeAll();
        using var program = new VariantProgram(project, "digits", embed ? All : [], """
            public static string[] Wishes() => new[]
            {
                Digits.Resolve(DigitsVariant.Fastest).ToString(), Digits.Resolve(DigitsVariant.Smallest).ToString(),
                Digits.Resolve(DigitsVariant.MostAccurate).ToString(), Digits.Load().Variant.ToString(),
            };

            public static (string, float[]) Run(string variant, string path, float[] image)
            {
                var form = (DigitsVariant)Enum.Parse(typeof(DigitsVariant), variant);
                using Digits model = path == null ? Digits.Load(form) : Digits.LoadFrom(form, path);
                return (model.Variant.ToString(), model.Run(image).Logits.ToArray());
            }

            public static bool LoadUnknown() => Digits.Load((DigitsVariant)99) != null;
            """);
        var image = new float[28 * 28];
        for (int i = 0; i < image.Length; i++)
            image[i] = i % 7 / 7f;

        float[][] logits = [.. All.Select(variant =>
        {
            (string loaded, float[] output) = program.Call<(string, float[])>(
                "Run", variant, embed ? null : project.Output($"digits.{variant}.onnx"), image);
            Assert.AreEqual(variant, loaded);
            return output;
        })];

        Assert.AreEqual(All.Length, logits.Select(output => string.Join(' ', output)).Distinct().Count(), "Each form computes something of its own.");
        if (embed)
        {
            string smallest = All.MinBy(name => new FileInfo(project.Output($"digits.{name}.onnx")).Length)!;
            string[] wishes = program.Call<string[]>("Wishes");
            string fastest = All.MinBy(name => Cost(project, "digits." + name))!;
            Assert.AreEqual($"{fastest} {smallest} {fastest}", $"{wishes[0]} {wishes[1]} {wishes[3]}");
            double[] drops = [.. All.Select(Drop)];
            Assert.AreEqual(drops.Min(), Drop(wishes[2]));
        }
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => program.Call<bool>("LoadUnknown"));

        double Drop(string variant) =>
            variant == "None" ? 0 : project.Report("digits." + variant).GetProperty("accuracy").GetProperty("drop").GetDouble();
    }

    [TestMethod]
    public void LoadFrom_FileOfAnotherVariant_IsRefused()
    {
        using PipelineProject project = Digits("Static", "None").GenerateAll().QuantizeAll();
        using var program = new VariantProgram(project, "digits", [], """
            public static bool Load(string path) => Digits.LoadFrom(DigitsVariant.Static, path) != null;
            """);

        Assert.ThrowsExactly<InvalidDataException>(() => program.Call<bool>("Load", project.Output("digits.None.onnx")));
    }

    /// <summary>Demands an order, no times: where a call cannot keep the budget, calls end on the fastest form; where every call does, on the most accurate.</summary>
    [TestMethod]
    public void LoadAdaptive_RealModel_LosesNoCall()
    {
        using PipelineProject project = Digits("Static", "None").GenerateAll().QuantizeAll();
        using var program = new VariantProgram(project, "digits", ["Static", "None"], """
            public static (string Current, int Answers, long Latency) Run(float[] image, TimeSpan budget)
            {
                using DigitsAdaptive model = Digits.LoadAdaptive(new DigitsAdaptiveOptions { LatencyBudget = budget });
                int answers = 0;
                System.Threading.Tasks.Parallel.For(0, 400, new System.Threading.Tasks.ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
                {
                    if (model.Run(image).Logits.Length == 10)
                        System.Threading.Interlocked.Increment(ref answers);
                });
                return (model.Current.ToString(), answers, model.RecentLatency.Ticks);
            }

            public static bool RunDisposed(float[] image)
            {
                DigitsAdaptive model = Digits.LoadAdaptive(new DigitsAdaptiveOptions { LatencyBudget = TimeSpan.FromSeconds(1) });
                model.Dispose();
                model.Dispose();
                return model.Run(image) != null;
            }

            public static bool WithoutBudget() => Digits.LoadAdaptive(new DigitsAdaptiveOptions()) != null;
            """);
        var image = new float[28 * 28];

        (string current, int answers, long latency) = program.Call<(string, int, long)>("Run", image, TimeSpan.FromMinutes(1));

        Assert.AreEqual(("None", 400), (current, answers));
        Assert.IsGreaterThan(0, latency);
        Assert.AreEqual(400, program.Call<(string, int, long)>("Run", image, TimeSpan.FromTicks(10)).Item2);
        Assert.AreEqual("DigitsAdaptive", Assert.ThrowsExactly<ObjectDisposedException>(() => program.Call<bool>("RunDisposed", image)).ObjectName);
        Assert.ThrowsExactly<ArgumentException>(() => program.Call<bool>("WithoutBudget"));
    }

    private static double Cost(PipelineProject project, string name) =>
        project.Report(name).GetProperty("kernels").GetProperty("estimatedCost").GetDouble();

    private static PipelineProject Digits(params string[] variants) => Digits(variants, []);

    private static PipelineProject Digits(string[] variants, params (string Name, string Value)[] metadata) =>
        PipelineProject.Digits([("Variants", string.Join(';', variants)), .. metadata]).WithVariants(variants);
}
