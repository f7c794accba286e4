using System.Text.Json;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Pipeline;

/// <summary>Metrics from the data file to the report. The models pass on what they read, so that the right answers are known.</summary>
[TestClass]
public sealed class MetricsTests
{
    private const int Count = 120;

    [TestMethod]
    [DataRow("Top5")]
    [DataRow("F1")]
    [DataRow("Agreement")]
    [DataRow("KullbackLeibler")]
    [DataRow("SignalToNoise")]
    public void Quantize_Digits_IsMeasuredByTheMetric(string metric)
    {
        using PipelineProject project = PipelineProject.Digits(("Metric", metric)).QuantizeAll();

        JsonElement accuracy = project.Report("digits").GetProperty("accuracy");
        Assert.AreEqual(metric, accuracy.GetProperty("metric").GetString());
        (double least, double most) = metric switch
        {
            "Top5" or "Agreement" => (0.95, 1.0),
            "F1" => (0.9, 1.0),
            "KullbackLeibler" => (1e-9, 0.05),
            _ => (15, 80),
        };
        double quantized = accuracy.GetProperty("quantized").GetDouble();
        Assert.IsTrue(quantized >= least && quantized <= most, $"{quantized}");
        Assert.IsLessThanOrEqualTo(accuracy.GetProperty("dropInterval")[1].GetDouble(), accuracy.GetProperty("drop").GetDouble());
    }

    /// <summary>Against all pairs of samples.</summary>
    [TestMethod]
    public void Quantize_Auc_IsTheShareOfPairsInOrder()
    {
        float[] x = SeededValues.Floats("auc", -1, 1, Count * 2);
        long[] labels = [.. Enumerable.Range(0, Count).Select(i => x[(i * 2) + 1] - x[i * 2] + (i % 7 / 5f) > 0.5f ? 1L : 0)];
        using PipelineProject project = Measured(
            PassOn(2), "Auc", NamedArray.Of("x", [Count, 2], x), NamedArray.Of("labels", [Count], labels));

        (double Score, long Label)[] heldOut = [.. Enumerable.Range(0, Count / 4).Select(i => (i * 4) + 3).Select(i => ((double)x[(i * 2) + 1] - x[i * 2], labels[i]))];
        double exact = heldOut.Where(one => one.Label == 1).Average(one => heldOut.Where(zero => zero.Label == 0).Average(zero => one.Score > zero.Score ? 1.0 : 0));
        Assert.AreEqual(exact, Accuracy(project).GetProperty("float").GetDouble(), 1e-3);
        Assert.AreEqual(exact, Accuracy(project).GetProperty("quantized").GetDouble(), 0.05);
    }

    [TestMethod]
    public void Quantize_Segmentation_AutoIsIntersectionOverUnion()
    {
        const int classes = 3;
        const int size = 6;
        float[] x = SeededValues.Floats("map", -1, 1, Count * classes * size * size);
        long[] maps = [.. Enumerable.Range(0, Count * size * size).Select(i =>
            Best(classes, c => x[(((i / (size * size) * classes) + c) * size * size) + (i % (size * size))]))];
        ModelBuilder model = new ModelBuilder().Input("x", $"n,{classes},{size},{size}").Output("y", $"n,{classes},{size},{size}")
            .Floats("w", [classes, classes, 1, 1], Identity(classes)).Node("Conv", "x w", "y");
        using PipelineProject project = Measured(
            model, "Auto", NamedArray.Of("x", [Count, classes, size, size], x), NamedArray.Of("labels", [Count, size, size], maps));

        AssertNearlyPerfect(project, "IntersectionOverUnion", ofFloat: 1);
    }

    [TestMethod]
    public void Quantize_Detection_AutoIsMeanAveragePrecision()
    {
        const int boxes = 4;
        const int length = 7;
        float[] x = new float[Count * boxes * length];
        float[] noise = SeededValues.Floats("boxes", 0, 1, x.Length);
        for (int i = 0; i < Count * boxes; i++)
        {
            float left = (i % boxes * 20) + (noise[i * length] * 4);
            float top = noise[(i * length) + 1] * 40;
            float[] row = [left, top, left + 10 + (noise[(i * length) + 2] * 4), top + 12, .. Enumerable.Range(4, 3).Select(c => (noise[(i * length) + c] * 20) - 10)];
            row.CopyTo(x, i * length);
        }
        float[] corners = [.. Enumerable.Range(0, Count * boxes).SelectMany(i => x.Skip(i * length).Take(4))];
        long[] labels = [.. Enumerable.Range(0, Count * boxes).Select(i => Best(3, c => x[(i * length) + 4 + c]))];
        ModelBuilder model = new ModelBuilder().Input("x", $"n,{boxes},{length}").Output("boxes", $"n,{boxes},4").Output("scores", $"n,{boxes}")
            .Output("classes", $"n,{boxes}", OnnxElementType.Int64)
            .Floats("wb", [length, 4], Identity(length, 0, 4)).Floats("wc", [length, 3], Identity(length, 4, 3))
            .Node("MatMul", "x wb", "boxes").Node("MatMul", "x wc", "logits").Node("Sigmoid", "logits", "p")
            .Node("ReduceMax", "p", "scores", ("axes", new[] { 2 }), ("keepdims", 0)).Node("ArgMax", "logits", "classes", ("axis", 2), ("keepdims", 0));
        using PipelineProject project = Measured(
            model,
            "Auto",
            NamedArray.Of("x", [Count, boxes, length], x),
            NamedArray.Of("boxes", [Count, boxes, 4], corners),
            NamedArray.Of("labels", [Count, boxes], labels));

        AssertNearlyPerfect(project, "MeanAveragePrecision", ofFloat: 1);
    }

    [TestMethod]
    public void Quantize_Sequences_WordErrorRateOfTheDecodedLabels()
    {
        const int steps = 9;
        const int classes = 5;
        float[] x = SeededValues.Floats("ctc", -1, 1, Count * steps * classes);
        long[] labels = [.. Enumerable.Range(0, Count).SelectMany(i =>
        {
            long[] best = [.. Enumerable.Range(0, steps).Select(t => Best(classes, c => x[(((i * steps) + t) * classes) + c]))];
            long[] decoded = [.. best.Where((label, t) => label != classes - 1 && (t == 0 || best[t - 1] != label))];
            return decoded.Concat(Enumerable.Repeat(-1L, steps - decoded.Length));
        })];
        using PipelineProject project = Measured(
            PassOn(classes, $"n,{steps},{classes}"),
            "WordErrorRate",
            [NamedArray.Of("x", [Count, steps, classes], x), NamedArray.Of("labels", [Count, steps], labels)],
            ("BlankClass", "Last"));

        JsonElement accuracy = Accuracy(project);
        Assert.AreEqual(0, accuracy.GetProperty("float").GetDouble());
        Assert.IsLessThan(0.2, accuracy.GetProperty("quantized").GetDouble());
        Assert.IsTrue(accuracy.GetProperty("lowerIsBetter").GetBoolean());
    }

    /// <summary>Against the logits of the table and the tokens of the held-out samples.</summary>
    [TestMethod]
    public void Quantize_LanguageModel_PerplexityOfItsOwnTokens()
    {
        const int words = 11;
        const int length = 8;
        float[] table = SeededValues.Floats("table", -2, 2, words * words);
        long[] ids = [.. SeededValues.Floats("ids", 0, words - 0.01f, Count * length).Select(value => (long)value)];
        ModelBuilder model = new ModelBuilder().Input("ids", "n,t", OnnxElementType.Int64).Output("logits", $"n,t,{words}")
            .Floats("e", [words, words], table).Floats("w", [words, words], Identity(words)).Node("Gather", "e ids", "g").Node("MatMul", "g w", "logits");
        using PipelineProject project = Measured(model, "Perplexity", NamedArray.Of("ids", [Count, length], ids));

        double loss = 0;
        for (int sample = 3; sample < Count; sample += 4)
            for (int t = 0; t + 1 < length; t++)
            {
                double[] row = [.. table.Skip((int)ids[(sample * length) + t] * words).Take(words).Select(value => (double)value)];
                loss += Math.Log(row.Sum(Math.Exp)) - row[ids[(sample * length) + t + 1]];
            }
        double expected = Math.Exp(loss / (Count / 4 * (length - 1)));
        Assert.AreEqual(expected, Accuracy(project).GetProperty("float").GetDouble(), expected * 1e-5);
        Assert.AreEqual(expected, Accuracy(project).GetProperty("quantized").GetDouble(), expected * 0.05);
    }

    [TestMethod]
    [DataRow("MeanAbsoluteError", 0.25)]
    [DataRow("MeanSquaredError", 0.0625)]
    [DataRow("Psnr", 12.0412)]
    public void Quantize_Values_AreComparedWithTheTarget(string metric, double expected)
    {
        float[] x = SeededValues.Floats("values", -1, 1, Count * 4);
        using PipelineProject project = Measured(
            PassOn(4), metric, NamedArray.Of("x", [Count, 4], x), NamedArray.Of("target", [Count, 4], [.. x.Select((value, i) => value + (i % 2 == 0 ? 0.25f : -0.25f))]));

        Assert.AreEqual(expected, Accuracy(project).GetProperty("float").GetDouble(), expected * 1e-4);
    }

    [TestMethod]
    public void Quantize_SliceAboveTheLimit_QB7007AndAgainFromTheCache()
    {
        using var cache = new TemporaryFolder();
        using PipelineProject measured = Sliced(("Slice", "camera"));
        ProjectResult first = measured.Quantize(("QuantBuildCacheDirectory", cache.Path));
        using PipelineProject limited = Sliced(("Scheme", "Static"), ("Slice", "camera"), ("MaxAccuracyDrop", "0.6"));

        ProjectResult result = limited.Quantize(("QuantBuildCacheDirectory", cache.Path));

        Assert.IsTrue(first.Succeeded, string.Join('\n', first.Diagnostics));
        Assert.IsTrue(limited.Report("m").GetProperty("fromCache").GetBoolean());
        CollectionAssert.AreEqual(new[] { "QB7007" }, PipelineProject.Errors(result));
        StringAssert.Contains(result.Diagnostics[^1].Message, "in 1 of the slices: '1' 100.00 % to 0.00 % (drop 100.00 points, 15 samples)");
        CollectionAssert.AreEqual(
            new[] { "slice '1' 100.00 % to 0.00 % (drop 100.00 points, 15 samples)", "slice '0' 100.00 % to 100.00 % (drop 0.00 points, 15 samples)" },
            result.Models[0].Notes.Where(note => note.StartsWith("slice", StringComparison.Ordinal)).ToArray());
        JsonElement slices = limited.Report("m").GetProperty("accuracy").GetProperty("slices");
        Assert.AreEqual(("1", 15, 1.0), (slices[1].GetProperty("name").GetString(), slices[1].GetProperty("samples").GetInt32(), slices[1].GetProperty("drop").GetDouble()));
        Assert.IsFalse(limited.Report("m").GetProperty("accuracy").GetProperty("passed").GetBoolean());
    }

    [TestMethod]
    public void Quantize_SliceFile_NamesSamplesOfTheWholeFile()
    {
        using PipelineProject project = Sliced(("SliceFile", "slices.txt"));
        File.WriteAllLines(Path.Combine(project.Directory, "slices.txt"), Enumerable.Range(0, Count).Select(i => CameraOf(i) == 1 ? "night" : "day"));
        project.QuantizeAll();

        JsonElement slices = project.Report("m").GetProperty("accuracy").GetProperty("slices");
        CollectionAssert.AreEqual(new[] { "day", "night" }, slices.EnumerateArray().Select(slice => slice.GetProperty("name").GetString()).ToArray());
        Assert.AreEqual((0.0, 1.0), (slices[0].GetProperty("drop").GetDouble(), slices[1].GetProperty("drop").GetDouble()));
    }

    [TestMethod]
    public void Quantize_WhatDoesNotFit_IsToldWithoutRunning()
    {
        using PipelineProject project = new PipelineProject()
            .WithData("c.npz", NamedArray.Of("x", [Count, 2], new float[Count * 2]), NamedArray.Of("labels", [Count, 3], new long[Count * 3]), NamedArray.Of("camera", [7], new long[7]))
            .WithModel("a", PassOn(2), ("CalibrationData", "c.npz"), ("Metric", "MeanSquaredError"))
            .WithModel("b", PassOn(2), ("CalibrationData", "c.npz"), ("Metric", "Top1"))
            .WithModel("c", PassOn(2), ("CalibrationData", "c.npz"), ("Metric", "Agreement"), ("MetricOutput", "yy"))
            .WithModel("d", PassOn(2), ("CalibrationData", "c.npz"), ("Metric", "Agreement"), ("Slice", "camera"))
            .WithModel("e", PassOn(2), ("CalibrationData", "c.npz"), ("Metric", "Agreement"), ("Slice", "kamera"));

        CollectionAssert.AreEqual(new[] { "QB4023", "QB4010", "QB4025", "QB4008", "QB4026" }, PipelineProject.Errors(project.Quantize()));
    }

    [TestMethod]
    public void Quantize_TargetThatTheModelCannotGive_QB4024NamesIt()
    {
        using PipelineProject project = Project(
            PassOn(5, "n,3,5"), [NamedArray.Of("x", [Count, 3, 5], new float[Count * 15]), NamedArray.Of("labels", [Count, 2], Enumerable.Repeat(9L, Count * 2).ToArray())], ("Metric", "WordErrorRate"));

        ProjectResult result = project.Quantize();

        CollectionAssert.AreEqual(new[] { "QB4024" }, PipelineProject.Errors(result), string.Join('\n', result.Diagnostics));
        StringAssert.Contains(result.Diagnostics[^1].Message, "the label 9 is not below 5, the last axis of the output 'y'");
    }

    /// <summary>Values of the second camera are nearer to each other than one step of the range that those of the first demand.</summary>
    private static PipelineProject Sliced(params (string Name, string Value)[] metadata)
    {
        float[] x = [.. Enumerable.Range(0, Count).SelectMany(i => CameraOf(i) == 1 ? new[] { 1f, 1.001f } : i % 2 == 0 ? [10f, -10f] : [-10f, 10f])];
        long[] labels = [.. Enumerable.Range(0, Count).Select(i => CameraOf(i) == 1 ? 1L : i % 2)];
        return Project(
            PassOn(2),
            [
                NamedArray.Of("x", [Count, 2], x),
                NamedArray.Of("labels", [Count], labels),
                NamedArray.Of("camera", [Count], [.. Enumerable.Range(0, Count).Select(i => (long)CameraOf(i))]),
            ],
            metadata);
    }

    private static int CameraOf(int sample) => sample / 4 % 2;

    private static void AssertNearlyPerfect(PipelineProject project, string metric, double ofFloat)
    {
        JsonElement accuracy = Accuracy(project);
        Assert.AreEqual(metric, accuracy.GetProperty("metric").GetString());
        Assert.AreEqual(ofFloat, accuracy.GetProperty("float").GetDouble(), 1e-9);
        Assert.IsGreaterThan(0.8, accuracy.GetProperty("quantized").GetDouble());
    }

    private static JsonElement Accuracy(PipelineProject project) => project.Report("m").GetProperty("accuracy");

    private static PipelineProject Measured(ModelBuilder model, string metric, params NamedArray[] arrays) => Measured(model, metric, arrays, []);

    private static PipelineProject Measured(ModelBuilder model, string metric, NamedArray[] arrays, params (string Name, string Value)[] metadata) =>
        Project(model, arrays, [("Metric", metric), .. metadata]).QuantizeAll();

    private static PipelineProject Project(ModelBuilder model, NamedArray[] arrays, params (string Name, string Value)[] metadata) =>
        new PipelineProject().WithData("c.npz", arrays).WithModel("m", model, [("CalibrationData", "c.npz"), .. metadata]);

    /// <summary>Gives what it reads, by a product with the identity.</summary>
    private static ModelBuilder PassOn(int length, string? shape = null) => new ModelBuilder().Input("x", shape ?? $"n,{length}").Output("y", shape ?? $"n,{length}")
        .Floats("w", [length, length], Identity(length)).Node("MatMul", "x w", "y");

    private static float[] Identity(int rows, int from = 0, int? columns = null) =>
        [.. Enumerable.Range(0, rows * (columns ?? rows)).Select(i => i / (columns ?? rows) == from + (i % (columns ?? rows)) ? 1f : 0)];

    private static long Best(int classes, Func<int, float> score) => Enumerable.Range(0, classes).MaxBy(score);
}
