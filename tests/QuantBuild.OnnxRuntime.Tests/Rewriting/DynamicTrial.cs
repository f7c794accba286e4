using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Precision;
using QuantBuild.Reconstruction;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Rewriting;
using QuantBuild.Rewriting.LowBits;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Rewriting;

/// <summary>A model that was rewritten by a scheme without data, with what the runtime made of it.</summary>
internal sealed record DynamicTrial(OnnxModel Model, PlacementPlan Plan, WeightCodes Codes, QuantizedModel Quantized, FusionReport Fusion)
{
    public static DynamicTrial Of(ModelBuilder builder, QuantizationScheme scheme = QuantizationScheme.Dynamic)
    {
        OnnxModel model = builder.Build();
        QuantizationSettings settings = TestSettings.Of(scheme);
        var problems = new DiagnosticBag();
        PlacementPlan plan = PlacementPlanner.Plan(model.Graph, TensorFacts.None, settings, QuantizationTrial.Origin, problems);
        var precision = new PrecisionPlan(plan, new Dictionary<string, QuantizationParameters>());
        WeightCodes codes = WeightQuantizer.Quantize(model.Graph, precision, LowBitSettings.EightBits);
        QuantizedModel quantized = ModelRewriter.Rewrite(model, model, TensorFacts.None, precision, codes, settings);
        FusionReport fusion = FusionCheck.Check(model, quantized, plan, QuantizationTrial.Engine, QuantizationTrial.Origin, problems);
        return new DynamicTrial(model, plan, codes, quantized, fusion);
    }

    /// <summary>Asserts that so many nodes were planned, and that the runtime runs all of them in integers.</summary>
    public DynamicTrial AssertFuses(int nodes)
    {
        Assert.AreEqual(nodes, Plan.DynamicNodes.Count, string.Join("; ", Plan.FloatNodes.Select(node => $"{node.Name}: {node.Reason}")));
        Assert.IsTrue(Fusion.Dynamic.All(fused => fused), $"the runtime runs {string.Join(' ', Operators())}");
        return this;
    }

    /// <summary>Operators of the graphs that the runtime executes, bodies included.</summary>
    public string[] Operators() =>
    [
        .. OnnxModelReader.ParseAnyOpset(QuantizationTrial.Engine.Optimize(Quantized.Image), QuantizationTrial.Origin).Graph.WithBodies
            .SelectMany(graph => graph.Nodes).Select(node => node.OpType),
    ];

    /// <summary>Power of the float outputs over that of their difference to the quantized ones.</summary>
    public double Decibels(params InputTensor[] inputs)
    {
        double signal = 0;
        double noise = 0;
        foreach ((float[] expected, float[] actual) in Run(Model.ToBytes(), inputs).Zip(Run(Quantized.Image, inputs)))
        {
            Assert.AreEqual(expected.Length, actual.Length);
            signal += expected.Sum(value => (double)value * value);
            noise += expected.Zip(actual).Sum(pair => ((double)pair.First - pair.Second) * ((double)pair.First - pair.Second));
        }
        return 10 * Math.Log10(signal / noise);
    }

    public float[] RunQuantized(params InputTensor[] inputs) => Run(Quantized.Image, inputs)[0];

    private float[][] Run(ModelImage model, InputTensor[] inputs)
    {
        string[] outputs = [.. Model.Graph.OutputNames];
        var results = new float[outputs.Length][];
        using IInferenceSession session = QuantizationTrial.Engine.Open(model);
        session.Run(inputs, outputs, (index, output) => results[index] = output.Floats.ToArray());
        return results;
    }
}
