using QuantBuild.Calibration;
using QuantBuild.Data;
using QuantBuild.Diagnostics;
using QuantBuild.Evaluation;
using QuantBuild.Evaluation.Metrics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Precision;
using QuantBuild.Preparation;
using QuantBuild.Reconstruction;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Rewriting;
using QuantBuild.Rewriting.LowBits;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Rewriting;

/// <summary>A model that went through the stages, with what the runtime made of it.</summary>
internal sealed record QuantizationTrial(
    PlacementPlan Plan, WeightCodes Codes, QuantizedModel Quantized, FusionReport Fusion, double SqnrDecibels)
{
    public static readonly DiagnosticOrigin Origin = new("model.onnx");

    public static readonly OnnxRuntimeEngine Engine = new();

    /// <summary>Eight bits in and out leave about 35 dB on evenly spread random values, each further layer takes a few.
    /// A wrong scale, axis or order leaves less than 10.</summary>
    private const double LeastSqnrDecibels = 25;

    private const long SampleCount = 32;

    /// <summary>Evenly spread inputs, seeded by their names.</summary>
    /// <param name="excludedNodes">Names of nodes that are to stay float.</param>
    public static QuantizationTrial Of(ModelBuilder builder, params string[] excludedNodes) =>
        Of(builder, TestSettings.Of(QuantizationScheme.Static) with { ExcludedNodes = excludedNodes });

    public static QuantizationTrial Of(ModelBuilder builder, QuantizationSettings settings)
    {
        OnnxModel model = builder.Build();
        var problems = new DiagnosticBag();
        NamedArray[] arrays = [.. model.Signature.Inputs.Select(Samples)];
        SampleBinding binding = SampleBinding.Bind(new ArraySampleSource(arrays), model.Signature, Origin, problems)!;

        PreparedModel prepared = ModelPreparer.Prepare(model, Origin);
        TensorFacts facts = ShapeProbe.Observe(prepared.Model, ModelSamples.First(binding), Engine);
        ModelSamples samples = ModelSamples.Select(binding, binding, null, true, prepared.Model, facts, Engine, Origin, problems);
        NodeExclusion exclusion = NodeExclusion.From(settings, prepared.Model.Graph, Origin, problems);
        PlacementPlan plan = DynamicPlanner.AddChosen(
            PlacementPlanner.Plan(prepared.Model.Graph, facts, exclusion), prepared.Model.Graph, exclusion, settings.Layers);
        if (settings.Granularity == Granularity.PerTensor)
            plan = plan.WithOneScalePerWeight();
        CalibrationTable table = new Calibrator(Engine, Origin, settings.MemoryLimit)
            .Calibrate(prepared.Model, plan, facts, samples, _ => { }, CancellationToken.None);
        PrecisionPlan precision = PrecisionChooser.Choose(plan, table, RangeEstimator.Auto, prepared.Model.Graph);
        WeightCodes codes = WeightQuantizer.Quantize(prepared.Model.Graph, precision, LowBitSettings.EightBits);
        QuantizedModel quantized = QdqRewriter.Rewrite(prepared.Model, precision, codes, StorageChooser.Choose(prepared.Model.Graph, plan, LowBitCodes.Nothing, settings), LowBitStorage.Nothing);
        FusionReport fusion = FusionCheck.Check(model, quantized, plan, Engine, Origin, problems);
        AccuracyComparison accuracy = new Evaluator(Engine, Origin).Compare(
            model,
            quantized,
            samples,
            new MetricPlan(AccuracyMetric.CosineSimilarity, 1, [.. model.Signature.Outputs.Select(output => output.Name)], []),
            _ => { },
            CancellationToken.None)!;
        return new QuantizationTrial(plan, codes, quantized, fusion, accuracy.SqnrDecibels);
    }

    /// <summary>Asserts that these operators and no others were planned, in this order, that the runtime runs all of them in integers, and that
    /// the outputs are near those of the float model.</summary>
    public QuantizationTrial AssertFuses(params string[] operators)
    {
        string reasons = string.Join("; ", Plan.FloatNodes.Select(node => $"{node.OpType} '{node.Name}': {node.Reason}"));
        Assert.AreEqual(string.Join(' ', operators), string.Join(' ', Plan.Nodes.Select(node => node.Node.OpType)), reasons);
        string unfused = string.Join(", ", Plan.Nodes.Where((_, i) => !Fusion.Fused[i]).Select(node => node.Node.ToString()));
        Assert.AreEqual("", unfused, $"not fused; the runtime runs {OptimizedOperators()}");
        Assert.IsTrue(SqnrDecibels > LeastSqnrDecibels, $"{SqnrDecibels:F1} dB");
        return this;
    }

    /// <summary>Asserts that these nodes find their ranges at every run, in integer kernels.</summary>
    public QuantizationTrial AssertDynamic(params string[] operators)
    {
        Assert.AreEqual(string.Join(' ', operators), string.Join(' ', Plan.DynamicNodes.Select(node => node.Node.OpType)));
        Assert.IsTrue(Fusion.Dynamic.All(fused => fused), OptimizedOperators());
        return this;
    }

    /// <summary>Operators of the graph that the runtime executes.</summary>
    public string OptimizedOperators() => string.Join(
        ' ', OnnxModelReader.ParseAnyOpset(Engine.Optimize(Quantized.Image), Origin).Graph.Nodes.Select(node => node.OpType));

    private static NamedArray Samples(TensorSignature input)
    {
        long[] shape = [SampleCount, .. input.Shape!.Skip(1).Select(dimension => dimension.Value!.Value)];
        return NamedArray.Of(input.Name, shape, SeededValues.Floats(input.Name, -2, 2, shape.Aggregate(1L, (product, length) => product * length)));
    }
}
