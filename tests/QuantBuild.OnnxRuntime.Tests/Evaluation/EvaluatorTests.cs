using QuantBuild.Data;
using QuantBuild.Diagnostics;
using QuantBuild.Evaluation;
using QuantBuild.Evaluation.Metrics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.OnnxRuntime.Tests.Pipeline;
using QuantBuild.Rewriting;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Evaluation;

[TestClass]
public sealed class EvaluatorTests
{
    /// <summary>The runtime multiplies matrices of other sizes in another order, so that one sample alone differs from the same one in a batch in its last
    /// bits.</summary>
    private const double BatchTolerance = 1e-6;

    private static readonly OnnxRuntimeEngine Engine = new();

    private static readonly DiagnosticOrigin Origin = new("model.onnx");

    private static readonly MetricPlan Cosine = new(AccuracyMetric.CosineSimilarity, 1, ["y"], []);

    /// <summary>Against the definitions of the metrics, one sample at a time.</summary>
    [TestMethod]
    public void Compare_Digits_IsWhatAnIndependentComputationGives()
    {
        using PipelineProject project = PipelineProject.Digits().QuantizeAll();
        OnnxModel model = OnnxModelReader.Parse(TestModels.Digits(), Origin);
        byte[] shipped = File.ReadAllBytes(project.Output("digits.onnx"));
        SampleBinding binding = SampleBinding.Bind(
            NpzSampleSource.Open(PipelineProject.DigitsData, "digits.npz", Origin), model.Signature, Origin, new DiagnosticBag())!;
        var stream = new SampleStream(binding, SampleSelection.All, 32);
        var quantized = new QuantizedModel(shipped, new Dictionary<string, string>(), []);

        AccuracyComparison top1 = Compare(model, quantized, stream, AccuracyMetric.Auto)!;
        AccuracyComparison cosine = Compare(model, quantized, stream, AccuracyMetric.CosineSimilarity)!;

        int floatRight = 0;
        int quantizedRight = 0;
        int onlyFloat = 0;
        int onlyQuantized = 0;
        var cosines = new List<double>();
        double signal = 0;
        double error = 0;
        using IInferenceSession floatSession = Engine.Open(TestModels.Digits());
        using IInferenceSession quantizedSession = Engine.Open(shipped);
        foreach (SampleBatch sample in new SampleStream(binding, SampleSelection.All, 1).Read())
        {
            float[] reference = Logits(floatSession, sample);
            float[] other = Logits(quantizedSession, sample);
            bool floatIsRight = Array.IndexOf(reference, reference.Max()) == sample.Labels[0];
            bool quantizedIsRight = Array.IndexOf(other, other.Max()) == sample.Labels[0];
            floatRight += floatIsRight ? 1 : 0;
            quantizedRight += quantizedIsRight ? 1 : 0;
            onlyFloat += floatIsRight && !quantizedIsRight ? 1 : 0;
            onlyQuantized += quantizedIsRight && !floatIsRight ? 1 : 0;
            double Dot(float[] a, float[] b) => a.Zip(b).Sum(pair => (double)pair.First * pair.Second);
            cosines.Add(Dot(reference, other) / Math.Sqrt(Dot(reference, reference) * Dot(other, other)));
            signal += Dot(reference, reference);
            error += reference.Zip(other).Sum(pair => Math.Pow((double)pair.First - pair.Second, 2));
        }

        double n = binding.SampleCount;
        double drop = (onlyFloat - onlyQuantized) / n;
        double p12 = (onlyFloat + 1) / (n + 2);
        double p21 = (onlyQuantized + 1) / (n + 2);
        double half = 1.959964 * Math.Sqrt((p12 + p21 - ((p12 - p21) * (p12 - p21))) / (n + 2));
        Assert.AreEqual(AccuracyMetric.Top1, top1.Metric);
        Assert.AreEqual(binding.SampleCount, top1.SampleCount);
        Assert.AreEqual(floatRight / n, top1.Float, BatchTolerance);
        Assert.AreEqual(quantizedRight / n, top1.Quantized, BatchTolerance);
        Assert.AreEqual(drop, top1.Drop, BatchTolerance);
        Assert.AreEqual(p12 - p21 - half, top1.DropLow, BatchTolerance);
        Assert.AreEqual(p12 - p21 + half, top1.DropHigh, BatchTolerance);
        Assert.AreEqual(1, cosine.Float);
        Assert.AreEqual(cosines.Average(), cosine.Quantized, BatchTolerance);
        Assert.AreEqual(10 * Math.Log10(signal / error), cosine.SqnrDecibels, 1e-3);
    }

    [TestMethod]
    public void Compare_ModelWithItself_NoDrop()
    {
        OnnxModel model = Line(2);
        AccuracyComparison same = Compare(model, Shipped(model), Vectors("n,4", 10), AccuracyMetric.Auto)!;

        Assert.AreEqual((1, 1, 0, 0), (same.Float, same.Quantized, same.DropLow, same.DropHigh));
        Assert.AreEqual(double.PositiveInfinity, same.SqnrDecibels);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(32)]
    public void Compare_FixedBatchWithARemainder_CountsRealSamplesOnce(int batch)
    {
        ModelBuilder builder = new ModelBuilder().Input("x", $"{batch},4").Floats("f", [1], 2).Node("Mul", "x f", "y").Output("y");
        ModelBuilder opposite = new ModelBuilder().Input("x", $"{batch},4").Floats("f", [1], -2).Node("Mul", "x f", "y").Output("y");

        AccuracyComparison comparison = Compare(builder.Build(), Shipped(opposite.Build()), Vectors($"{batch},4", 10, batch), AccuracyMetric.Auto)!;

        Assert.AreEqual(10L, comparison.SampleCount);
        Assert.AreEqual(-1, comparison.Quantized, 1e-9);
    }

    [TestMethod]
    public void Compare_OutputsOfOtherLengths_CountAsEverythingLost()
    {
        // The rows above a limit: the float model keeps all, the other none.
        OnnxModel Kept(float limit) => new ModelBuilder().Input("x", "1,4").Floats("limit", [1], limit).Int64s("flat", -1)
            .Node("Reshape", "x flat", "r").Node("Greater", "r limit", "g").Node("Compress", "r g", "y").Output("y").Build();

        AccuracyComparison comparison = Compare(Kept(-10), Shipped(Kept(10)), Vectors("1,4", 5, 1), AccuracyMetric.Auto)!;

        Assert.AreEqual(0, comparison.Quantized);
        Assert.AreEqual(0, comparison.SqnrDecibels, 1e-9);
    }

    [TestMethod]
    public void Compare_QuantizedGivesNaN_CountsAsWrong()
    {
        OnnxModel model = Line(2);

        AccuracyComparison comparison = Compare(model, Shipped(Line(float.NaN)), Vectors("n,4", 10), AccuracyMetric.Auto)!;

        Assert.AreEqual(0, comparison.Quantized);
    }

    [TestMethod]
    public void Compare_NoFloatOutputOrNoSamples_Null()
    {
        OnnxModel classes = new ModelBuilder().Input("x", "n,4").Node("ArgMax", "x", "y", ("axis", 1)).Output("y", null, OnnxElementType.Int64).Build();

        Assert.IsNull(Compare(classes, Shipped(classes), Vectors("n,4", 10), AccuracyMetric.Auto));
        Assert.IsNull(new Evaluator(Engine, Origin).Compare(
            Line(2), Shipped(Line(2)), null, Cosine, _ => { }, CancellationToken.None));
    }

    private static float[] Logits(IInferenceSession session, SampleBatch sample)
    {
        float[] logits = [];
        session.Run(sample.Inputs, ["logits"], (_, output) => logits = output.Floats.ToArray());
        return logits;
    }

    private static AccuracyComparison? Compare(OnnxModel model, QuantizedModel quantized, SampleStream stream, AccuracyMetric metric) =>
        new Evaluator(Engine, Origin).Compare(
            model, quantized, new ModelSamples(stream, stream, "x.npz", "ValidationData", 1), PlanOf(model, stream, metric), _ => { }, CancellationToken.None);

    private static MetricPlan? PlanOf(OnnxModel model, SampleStream stream, AccuracyMetric metric) => MetricPlanner.Plan(
        new QuantizationSettings { DisplayPath = "model.onnx", ModelPath = "model.onnx", Name = "model", ClassName = "Model", Metric = metric },
        model.Signature,
        new MeasuredData("x.npz", stream.HasLabels ? [new SampleArray("labels", OnnxElementType.Int64, [stream.Count])] : [], "labels", stream.Count),
        Origin,
        new DiagnosticBag());

    private static QuantizedModel Shipped(OnnxModel model) => new(model.ToBytes(), new Dictionary<string, string>(), []);

    private static OnnxModel Line(float factor) =>
        new ModelBuilder().Input("x", "n,4").Floats("f", [1], factor).Node("Mul", "x f", "y").Output("y").Build();

    private static SampleStream Vectors(string shape, int count, int batch = 4) => new(
        SampleBinding.Bind(
            new ArraySampleSource(NamedArray.Of("x", [count, 4], SeededValues.Floats("x", 0.5f, 1, count * 4))),
            new ModelBuilder().Input("x", shape).Build().Signature,
            Origin,
            new DiagnosticBag())!,
        SampleSelection.All,
        batch);
}
