using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Settings;

namespace QuantBuild.Rewriting;

/// <summary>Refuses a model that does not fit into a resource before hours are spent on measuring it.</summary>
internal static class EmbeddingLimit
{
    /// <exception cref="QuantBuildException">QB6003.</exception>
    public static void Check(ModelImage model, QuantizationSettings settings, DiagnosticOrigin origin)
    {
        if (settings.Embed && model.SizeBytes > ModelFileWriter.MostBytes)
            throw new QuantBuildException(
                DiagnosticCatalogue.TooLargeToEmbed.At(origin, settings.DisplayPath, model.SizeBytes, ModelFileWriter.MostBytes));
    }
}
