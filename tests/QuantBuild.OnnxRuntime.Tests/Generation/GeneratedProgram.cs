using QuantBuild.Diagnostics;
using QuantBuild.Generation;
using QuantBuild.Generation.CSharp;
using QuantBuild.Imaging;
using QuantBuild.Onnx;
using QuantBuild.Settings;

namespace QuantBuild.OnnxRuntime.Tests.Generation;

/// <summary>A generated class <c>Model</c> with its model and code that uses it.</summary>
/// <param name="model">The content of the resource; null: it is left out.</param>
/// <param name="methods">Static methods of a class that sees the generated class.</param>
/// <param name="measurements">Null: the class is compiled before the model has been quantized.</param>
/// <param name="labels">The names of the classes; null when none are given.</param>
/// <param name="pixels">How pictures become the model's input; null: they do not.</param>
/// <param name="compression">How <paramref name="model"/> is packed.</param>
internal sealed class GeneratedProgram(
    ModelSignature signature,
    byte[]? model,
    string methods,
    ModelMeasurements? measurements = null,
    string[]? labels = null,
    PixelPlan? pixels = null,
    ModelCompression compression = ModelCompression.None)
    : LoadedProgram(
        Sources(signature, measurements, labels, pixels, compression), "Generated", methods, model is null ? [] : [(LogicalName, model)])
{
    private const string LogicalName = "QuantBuild.model.onnx";

    private static string[] Sources(
        ModelSignature signature, ModelMeasurements? measurements, string[]? labels, PixelPlan? pixels, ModelCompression compression)
    {
        QuantizationSettings settings = new()
        {
            DisplayPath = "model.onnx", ModelPath = "/model.onnx", Name = "model", ClassName = "Model", Namespace = "Generated", Compression = compression,
        };
        var loaderModel = new LoaderModel(signature, SourceOpset: 17, settings, LogicalName)
        {
            Classifier = labels is null ? null : Classifier.Of(signature, labels, new DiagnosticOrigin("model.onnx")),
            Pixels = pixels,
        };
        return [CSharpGenerator.Generate(loaderModel), CSharpGenerator.GenerateMetadata(loaderModel, measurements ?? ModelMeasurements.None)];
    }
}
