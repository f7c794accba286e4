using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Precision;
using QuantBuild.Reconstruction;
using QuantBuild.Rewriting.LowBits;
using QuantBuild.Settings;

namespace QuantBuild.Rewriting;

/// <summary>Writes the model that ships.</summary>
internal static class ModelRewriter
{
    /// <param name="weights">Takes large tensors; null: they become part of the message.</param>
    public static QuantizedModel Rewrite(
        OnnxModel original,
        OnnxModel prepared,
        TensorFacts facts,
        PrecisionPlan precision,
        WeightCodes codes,
        QuantizationSettings settings,
        WeightFile? weights = null)
    {
        if (settings.Scheme == QuantizationScheme.None)
            return new QuantizedModel(original.Clone().ToImage(weights), new Dictionary<string, string>(), []);
        StoragePlan storage = StorageChooser.Choose(prepared.Graph, precision.Placement, codes.LowBits, settings);
        LowBitStorage lowBits = new LowBitFormChooser(prepared, facts, settings).Choose(codes.LowBits);
        return QdqRewriter.Rewrite(prepared, precision, codes, storage, lowBits, weights);
    }
}
