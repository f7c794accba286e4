using QuantBuild.Core.Tests.Placement;
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

namespace QuantBuild.Core.Tests.Rewriting;

/// <summary>A model as it comes out of the rewriter, without having run.</summary>
internal sealed record RewrittenModel(PlacementPlan Plan, QuantizedModel Quantized, OnnxModel Model)
{
    public OnnxGraph Graph => Model.Graph;

    public string[] Operators => [.. Graph.Nodes.Select(node => node.OpType)];

    public OnnxNode Node(string opType) => Graph.Nodes.Single(node => node.OpType == opType);

    public IEnumerable<OnnxTensor> Initializers => Graph.InitializerNames.Select(name => Graph.InitializerOf(name)!);

    /// <summary>Every activation has the range −1 to 3 unless it is tied.</summary>
    public static RewrittenModel Of(ModelBuilder builder, params (string Value, TensorFact Fact)[] known)
    {
        OnnxModel model = builder.Build();
        return Of(model, PlacementPlanner.Plan(model.Graph, PlacementTesting.Facts(model.Graph, known), NodeExclusion.None), TestSettings.Of(QuantizationScheme.Static));
    }

    /// <summary>Placed as the scheme says when no data is there.</summary>
    public static RewrittenModel Of(ModelBuilder builder, QuantizationSettings settings)
    {
        OnnxModel model = builder.Build();
        var problems = new DiagnosticBag();
        PlacementPlan plan = PlacementPlanner.Plan(model.Graph, TensorFacts.None, settings, new DiagnosticOrigin("model.onnx"), problems);
        return Of(model, plan, settings);
    }

    private static RewrittenModel Of(OnnxModel model, PlacementPlan plan, QuantizationSettings settings)
    {
        QuantizationParameters parameters = QuantizationParameters.Asymmetric(-1, 3);
        var precision = new PrecisionPlan(plan, plan.Activations.ToDictionary(activation => activation.Value, _ => parameters));
        QuantizedModel quantized = QdqRewriter.Rewrite(
            model, precision, WeightQuantizer.Quantize(model.Graph, precision, LowBitSettings.EightBits),
            StorageChooser.Choose(model.Graph, plan, LowBitCodes.Nothing, settings), LowBitStorage.Nothing);
        return new RewrittenModel(plan, quantized, OnnxModelReader.ParseAnyOpset(quantized.Image, new DiagnosticOrigin("model.onnx")));
    }

    /// <summary>Asserts that the value comes from a pair, and gives back what goes into the pair.</summary>
    public string BehindPair(string value)
    {
        OnnxNode dequantize = Graph.ProducerOf(value)!;
        Assert.AreEqual("DequantizeLinear", dequantize.OpType);
        OnnxNode quantize = Graph.ProducerOf(dequantize.Inputs[0])!;
        Assert.AreEqual("QuantizeLinear", quantize.OpType);
        CollectionAssert.AreEqual(quantize.Inputs.Skip(1).ToArray(), dequantize.Inputs.Skip(1).ToArray());
        return quantize.Inputs[0];
    }
}
