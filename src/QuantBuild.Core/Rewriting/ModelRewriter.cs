using QuantBuild.Onnx;
using QuantBuild.Precision;
using QuantBuild.Reconstruction;
using QuantBuild.Settings;

namespace QuantBuild.Rewriting;

/// <summary>Writes the model that ships.</summary>
internal static class ModelRewriter
{
    public static QuantizedModel Rewrite(
        OnnxModel original, OnnxModel prepared, PrecisionPlan precision, WeightCodes codes, QuantizationSettings settings)
    {
        if (settings.Scheme == QuantizationScheme.None)
            return new QuantizedModel(original.ToBytes(), new Dictionary<string, string>(), []);
        StoragePlan storage = StorageChooser.Choose(prepared.Graph, precision.Placement, settings);
        return QdqRewriter.Rewrite(prepared, precision, codes, storage);
    }
}
