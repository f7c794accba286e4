using QuantBuild.Generation;
using QuantBuild.Generation.CSharp;
using QuantBuild.Onnx;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Generation;

/// <summary>Signatures of models, and what is generated for them.</summary>
internal static class Signatures
{
    public const string LogicalName = "QuantBuild.fashion.onnx";

    public static ModelSignature ImageClassifier { get; } = new(
        [Tensor("image", "batch", 1, 28, 28)],
        [Tensor("logits", "batch", 10)]);

    public static ModelSignature Transformer { get; } = new(
        [Tensor(OnnxElementType.Int64, "input_ids", "batch", "sequence"), Tensor(OnnxElementType.Int64, "attention_mask", "batch", "sequence")],
        [Tensor("last_hidden_state", "batch", "sequence", 384)]);

    /// <summary>An input and an output of every element type, and of none.</summary>
    public static ModelSignature AllTypes { get; } = new(
        [.. Enum.GetValues<OnnxElementType>().Select(type => Tensor(type, $"in_{type}", "N", 2))],
        [.. Enum.GetValues<OnnxElementType>().Select(type => Tensor(type, $"out_{type}", "N", 2))]);

    public static ModelSignature OddShapes { get; } = new(
        [
            Tensor("scalar"),
            new TensorSignature("any", OnnxElementType.Float, null),
            new TensorSignature("words", OnnxElementType.String, null),
            Tensor("anonymous", null, 3, null),
            Tensor("square", "M", "M"),
            Tensor("empty", "E", 0),
        ],
        [Tensor("y"), new TensorSignature("z", OnnxElementType.Float, null)]);

    public static ModelSignature NoInputs { get; } = new([], [Tensor("constant", 3)]);

    public static TensorSignature Tensor(string name, params object?[] shape) => Tensor(OnnxElementType.Float, name, shape);

    /// <param name="shape">Numbers, symbols, and null for neither.</param>
    public static TensorSignature Tensor(OnnxElementType type, string name, params object?[] shape) => new(name, type,
    [
        .. shape.Select(dimension => dimension switch
        {
            null => default,
            string symbol => new OnnxDimension(null, symbol),
            _ => new OnnxDimension(Convert.ToInt64(dimension, null), null),
        }),
    ]);

    public static QuantizationSettings Settings(string className = "Fashion", string space = "FashionClassifier") => new()
    {
        DisplayPath = "Models/fashion.onnx",
        ModelPath = "/models/fashion.onnx",
        Name = "fashion",
        ClassName = className,
        Namespace = space,
    };

    public static LoaderModel Model(ModelSignature signature, QuantizationSettings? settings = null) =>
        new(signature, SourceOpset: 17, settings ?? Settings(), LogicalName);

    public static string Generate(ModelSignature signature) => Generate(Model(signature));

    /// <summary>The class and its constants, which two files of a project hold.</summary>
    public static string Generate(LoaderModel model) =>
        CSharpGenerator.Generate(model) + CSharpGenerator.GenerateMetadata(model, ModelMeasurements.None);

    public static ModelSignature FixedBatch { get; } = new(
        [Tensor("image", 2, 3), Tensor("mask", 2, 4)],
        [Tensor("logits", 2, 10)]);
}
