using System.Text.Json;
using QuantBuild.Onnx;
using QuantBuild.OnnxRuntime.Tests.Generation;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Pipeline;

/// <summary>Settings that meet in one model.</summary>
[TestClass]
public sealed class SettingsTogetherTests
{
    [TestMethod]
    public void Pictures_WithVariants_AdaptiveClassTakesPixels()
    {
        using PipelineProject project = new PipelineProject().WithModel(
            "photo", DataFormatsTests.PictureNet("12", "10"), ("CalibrationData", "pictures"), ("Resize", "10x12"), ("Mean", "0.5"), ("Std", "0.5"), ("Variants", "Static;None"));
        DataFormatsTests.WritePictures(Path.Combine(project.Directory, "pictures"), i => (8 + (i % 13), 9 + (i % 7)));
        project.WithVariants("Static", "None").GenerateAll().QuantizeAll();
        using var program = new VariantProgram(project, "photo", ["Static", "None"], """
            public static float[] Run(byte[] pixels, int width, int height, bool adapts)
            {
                if (adapts)
                    using (PhotoAdaptive model = Photo.LoadAdaptive(new PhotoAdaptiveOptions { LatencyBudget = TimeSpan.FromMinutes(1) }))
                    {
                        model.Run(pixels, width, height, width * 3, Photo.PixelFormat.Rgb24);
                        return model.Run(pixels, width, height, width * 3, Photo.PixelFormat.Rgb24).Y.ToArray();
                    }
                using (Photo model = Photo.Load(PhotoVariant.None))
                    return model.Run(pixels, width, height, width * 3, Photo.PixelFormat.Rgb24).Y.ToArray();
            }
            """);
        byte[] pixels = PixelPlans.RandomBytes(21 * 17 * 3, 1);

        float[] fixedForm = program.Call<float[]>("Run", pixels, 21, 17, false);
        float[] adaptive = program.Call<float[]>("Run", pixels, 21, 17, true);

        Assert.HasCount(5, fixedForm);
        for (int i = 0; i < fixedForm.Length; i++)
            Assert.AreEqual(fixedForm[i], adaptive[i], 0.1f * fixedForm.Max(Math.Abs));
        Assert.AreEqual(30, project.Report("photo.Static").GetProperty("accuracy").GetProperty("samples").GetInt32());
    }

    [TestMethod]
    public void Labels_WithVariants_NamesTheClassesOfEveryForm()
    {
        using PipelineProject project = PipelineProject.Digits(("Labels", "classes.txt"), ("Variants", "Static;None"));
        File.WriteAllLines(Path.Combine(project.Directory, "classes.txt"), Enumerable.Range(0, 10).Select(i => $"digit {i}"));
        project.WithVariants("Static", "None").GenerateAll().QuantizeAll();
        using var program = new VariantProgram(project, "digits", ["Static", "None"], """
            public static string Best(bool isStatic, float[] image)
            {
                using (Digits model = Digits.Load(isStatic ? DigitsVariant.Static : DigitsVariant.None))
                    return model.Run(image).Top(1)[0].Label;
            }
            """);
        var image = new float[28 * 28];

        string best = program.Call<string>("Best", true, image);

        StringAssert.StartsWith(best, "digit ");
        Assert.AreEqual(best, program.Call<string>("Best", false, image));
    }

    [TestMethod]
    public void LabelsThatNumberTheData_WithVariantsOfASegmentation_AreToldOnce()
    {
        ModelBuilder model = new ModelBuilder().Input("x", "n,2,4,4").Output("y", "n,3,4,4").Weights("w", 3, 2, 1, 1).Node("Conv", "x w", "y");
        using PipelineProject project = new PipelineProject().WithModel("map", model, ("Labels", "classes.txt"), ("CalibrationData", "x.npz"), ("Variants", "Static;None"))
            .WithVariants("Static", "None").WithData("x.npz", NamedArray.Of("x", [120, 2, 4, 4], SeededValues.Floats("x", -1, 1, 120 * 32)));
        File.WriteAllLines(Path.Combine(project.Directory, "classes.txt"), ["road", "tree", "sky"]);

        ProjectResult generated = new QuantizationPipeline(new OnnxRuntimeEngine(), new Progress<StageProgress>()).Generate(project.Request(), CancellationToken.None);
        ProjectResult quantized = project.Quantize();

        CollectionAssert.AreEqual(new[] { "QB8005" }, PipelineProject.Codes(generated));
        Assert.AreEqual("map.onnx", generated.Diagnostics[0].Origin!.Model);
        Assert.IsTrue(quantized.Succeeded, string.Join('\n', quantized.Diagnostics));
        Assert.DoesNotContain("QB8005", PipelineProject.Codes(quantized));
    }

    [TestMethod]
    public void Slice_OfSamplesOfAClass_WithDrawnSamples()
    {
        using PipelineProject project = new PipelineProject().WithModel(
            "m", new ModelBuilder().Input("x", "n,2").Output("y", "n,2").Weights("w", 2, 2).Node("MatMul", "x w", "y"),
            ("DataProvider", "Samples.dll"), ("Slice", "camera"), ("SampleSeed", "5"), ("Metric", "Agreement"));
        UserAssembly.Write(project.Directory, """
            public class Samples
            {
                public IEnumerable<Dictionary<string, Array>> GetSamples(string path)
                {
                    for (int i = 0; i < 200; i++)
                        yield return new() { ["x"] = new[] { i % 17 / 17f, i % 13 / -13f }, ["camera"] = new[] { i % 2 == 0 ? "day" : "night" } };
                }
            }
            """);

        project.QuantizeAll();

        JsonElement accuracy = project.Report("m").GetProperty("accuracy");
        JsonElement[] slices = [.. accuracy.GetProperty("slices").EnumerateArray()];
        CollectionAssert.AreEquivalent(new[] { "day", "night" }, slices.Select(slice => slice.GetProperty("name").GetString()).ToArray());
        Assert.AreEqual(50, accuracy.GetProperty("samples").GetInt32());
        Assert.AreEqual(50, slices.Sum(slice => slice.GetProperty("samples").GetInt32()));
    }

    /// <summary>All samples are in one part or the other, and the draw decides in which.</summary>
    [TestMethod]
    public void SampleSeed_WithoutValidationData_HoldsOutADrawnQuarter()
    {
        byte[][] models = [.. new[] { "1", "1", "2" }.Select(seed =>
        {
            using PipelineProject project = PipelineProject.Digits(("SampleSeed", seed), ("SampleLimit", "160")).QuantizeAll();
            Assert.AreEqual(40, project.Report("digits").GetProperty("accuracy").GetProperty("samples").GetInt32());
            return File.ReadAllBytes(project.Output("digits.onnx"));
        })];

        CollectionAssert.AreEqual(models[0], models[1]);
        CollectionAssert.AreNotEqual(models[0], models[2]);
    }

    [TestMethod]
    public void FixedInputs_LeaveOnePicture_OfWhichTheModelIsCalibrated()
    {
        ModelBuilder model = DataFormatsTests.PictureNet("h", "w").Input("training", "", OnnxElementType.Float).Output("scaled", "n,5").Node("Mul", "y training", "scaled");
        using PipelineProject project = new PipelineProject().WithModel("m", model, ("CalibrationData", "pictures"), ("FixedInputs", "training=0.5"), ("CenterCrop", "8x8"));
        DataFormatsTests.WritePictures(Path.Combine(project.Directory, "pictures"), i => (8 + (i % 13), 9 + (i % 7)));

        project.GenerateAll().QuantizeAll();

        Assert.IsGreaterThan(0.98, project.Report("m").GetProperty("accuracy").GetProperty("quantized").GetDouble());
        string source = File.ReadAllText(project.Output("m.g.cs"));
        StringAssert.Contains(source, "PixelFormat format");
        Assert.DoesNotContain("training", source);
    }
}
