using System.Runtime.InteropServices;
using QuantBuild.Calibration;
using QuantBuild.Data;
using QuantBuild.Diagnostics;
using QuantBuild.Equalization;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.OnnxRuntime.Tests.Preparation;
using QuantBuild.Placement;
using QuantBuild.Preparation;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Equalization;

/// <summary>A model before and after its channels were made even.</summary>
/// <param name="After">Null when nothing gained.</param>
internal sealed record EqualizationTrial(OnnxModel Before, OnnxModel? After, NamedArray Samples)
{
    private const int SampleCount = 64;

    private static readonly DiagnosticOrigin Origin = new("model.onnx");

    private static readonly OnnxRuntimeEngine Engine = new();

    /// <param name="builder">With one input, <c>x</c>, of the range −2 to 2.</param>
    public static EqualizationTrial Of(ModelBuilder builder, bool acrossLayers = true, bool smooth = true)
    {
        (OnnxModel prepared, TensorFacts facts, ModelSamples samples, NamedArray array) = Observe(builder);
        var problems = new DiagnosticBag();
        NodeExclusion exclusion = NodeExclusion.From(TestSettings.Of(QuantizationScheme.Static), prepared.Graph, Origin, problems);
        PlacementPlan plan = PlacementPlanner.Plan(prepared.Graph, facts, exclusion);
        CalibrationTable table = new Calibrator(Engine, Origin, TestSettings.Of(QuantizationScheme.Static).MemoryLimit)
            .Calibrate(prepared, plan, facts, samples, _ => { }, CancellationToken.None, keepsRows: true);
        return new EqualizationTrial(prepared, Equalizer.Apply(prepared, plan, table, acrossLayers, smooth), array);
    }

    /// <summary>With factors for the channels of what weights in few bits multiply.</summary>
    public static EqualizationTrial OfFewBits(ModelBuilder builder)
    {
        (OnnxModel prepared, TensorFacts facts, ModelSamples samples, NamedArray array) = Observe(builder);
        QuantizationSettings settings =
            TestSettings.Of(QuantizationScheme.WeightOnly) with { LowBits = new LowBitSettings { Bits = 3 }, Rounding = RoundingMethod.Awq };
        PlacementPlan plan = PlacementPlanner.Plan(prepared.Graph, facts, settings, Origin, new DiagnosticBag());
        var draft = new Draft(prepared, facts, plan, new CalibrationTable(new Dictionary<string, TensorStatistics>(), 0));
        return new EqualizationTrial(prepared, new ChannelFactorSearch(Engine, settings, samples, CancellationToken.None).Apply(draft), array);
    }

    private static (OnnxModel Prepared, TensorFacts Facts, ModelSamples Samples, NamedArray Array) Observe(ModelBuilder builder)
    {
        OnnxModel model = builder.Build();
        var problems = new DiagnosticBag();
        long[] shape = [SampleCount, .. model.Signature.Inputs[0].Shape!.Skip(1).Select(dimension => dimension.Value!.Value)];
        NamedArray array = NamedArray.Of("x", shape, SeededValues.Floats("x", -2, 2, shape.Aggregate(1L, (product, length) => product * length)));
        SampleBinding binding = SampleBinding.Bind(new ArraySampleSource(array), model.Signature, Origin, problems)!;
        OnnxModel prepared = ModelPreparer.Prepare(model, Origin).Model;
        TensorFacts facts = ShapeProbe.Observe(prepared, ModelSamples.First(binding), Engine);
        ModelSamples samples = ModelSamples.Select(binding, binding, null, true, prepared, facts, Engine, Origin, problems);
        return (prepared, facts, samples, array);
    }

    /// <summary>Asserts that something changed and that every output is what it was, up to the rounding of float32.</summary>
    public EqualizationTrial AssertSameFunction()
    {
        Assert.IsNotNull(After, "nothing gained");
        Assert.IsNull(ModelChecker.FindProblem(After));
        byte[][] expected = Oracle.Run(Before, Input);
        byte[][] actual = Oracle.Run(After, Input);
        for (int i = 0; i < expected.Length; i++)
            AssertClose(MemoryMarshal.Cast<byte, float>(expected[i]), MemoryMarshal.Cast<byte, float>(actual[i]));
        return this;
    }

    public void AssertUnchanged() => Assert.IsNull(After);

    public int Count(string opType) => After!.Graph.Nodes.Count(node => node.Is(opType));

    /// <summary>The largest magnitude of each channel of a value, the quotient of the largest and the smallest of them.</summary>
    /// <param name="axis">Of the channels, in a value of this shape.</param>
    public static double Spread(OnnxModel model, string value, long[] shape, int axis, InputTensor input)
    {
        OnnxModel exposed = model.Clone();
        new GraphEditor(exposed.Graph).AddOutput(value);
        ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(Oracle.Run(exposed, input)[^1]);
        long inner = shape.Skip(axis + 1).Aggregate(1L, (product, length) => product * length);
        var largest = new float[shape[axis]];
        for (int i = 0; i < values.Length; i++)
        {
            long channel = i / inner % shape[axis];
            largest[channel] = Math.Max(largest[channel], Math.Abs(values[i]));
        }
        return largest.Max() / largest.Min();
    }

    public InputTensor Input => new("x", OnnxElementType.Float, Samples.Shape, Samples.Bytes);

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        double signal = 0, error = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            signal += (double)expected[i] * expected[i];
            error += Math.Pow((double)expected[i] - actual[i], 2);
        }
        Assert.AreNotEqual(0, signal);
        Assert.IsLessThan(1e-10, error / signal);
    }
}
