using QuantBuild.Onnx;
using QuantBuild.Precision;
using QuantBuild.Reconstruction;
using QuantBuild.Settings;

namespace QuantBuild.Rewriting;

/// <summary>Writes the model that ships.</summary>
internal static class ModelRewriter
{
    /// <param name="weights">Takes large tensors; null: they become part of the message.</param>
    public static QuantizedModel Rewrite(
        OnnxModel original, OnnxModel prepared, PrecisionPlan precision, WeightCodes codes, QuantizationSettings settings, WeightFile? weights = null)
    {
        IReadOnlySet<string>? keptFloat = settings.Storage == WeightStorage.Float32 ? null : precision.Placement.FloatWeights;
        return settings.Scheme switch
        {
            QuantizationScheme.None => new QuantizedModel(original.Clone().ToImage(weights), new Dictionary<string, string>(), []),
            QuantizationScheme.WeightOnly => StoredWeightRewriter.Rewrite(prepared, keptFloat, weights),
            _ => QdqRewriter.Rewrite(prepared, precision, codes, keptFloat, weights),
        };
    }
}
