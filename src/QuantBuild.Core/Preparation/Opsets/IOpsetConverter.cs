using QuantBuild.Onnx;
using QuantBuild.Preparation.Facts;

namespace QuantBuild.Preparation.Opsets;

/// <summary>Rewrites one operator from the form of the opset before <see cref="Opset"/> to that of <see cref="Opset"/>, exactly.</summary>
internal interface IOpsetConverter
{
    string OpType { get; }

    /// <summary>The opset that changed the operator.</summary>
    int Opset { get; }

    /// <returns>Null when the node now has the new form; otherwise why it cannot have it, and the node is as it was.</returns>
    string? Convert(OnnxNode node, ConversionContext context);
}

/// <summary>What a converter works with.</summary>
/// <param name="Facts">Shapes and values as they were before the first conversion; values that converters add are unknown.</param>
internal sealed record ConversionContext(PassContext Pass, StaticFacts Facts)
{
    public GraphEditor Editor => Pass.Editor;

    public OnnxGraph Graph => Pass.Graph;

    /// <summary>An int64 vector as a new initializer; its name.</summary>
    public string AddInt64s(OnnxNode node, string role, IEnumerable<long> values) =>
        Editor.AddInitializer($"{node.DisplayName}_{role}", OnnxTensor.Int64s([.. values]));

    /// <summary>A scalar of the element type that the node's first input has, as a new initializer; its name. Null when that type is not
    /// known to be a floating-point type.</summary>
    public string? AddScalar(OnnxNode node, string role, float value)
    {
        OnnxTensor? scalar = (ElementTypes.Of(Graph, node.Inputs[0]) ?? ElementTypes.OnlyFloatTypeOf(Pass.Model)) switch
        {
            OnnxElementType.Float => OnnxTensor.Scalar(value),
            OnnxElementType.Double => OnnxTensor.Create<double>(OnnxElementType.Double, [], [value]),
            OnnxElementType.Float16 => OnnxTensor.Create(OnnxElementType.Float16, [], [ClampToHalf(value)]),
            _ => null,
        };
        return scalar is null ? null : Editor.AddInitializer($"{node.DisplayName}_{role}", scalar);
    }

    /// <remarks>The defaults of Clip are the extremes of float32; of a float16 tensor they bound nothing.</remarks>
    private static Half ClampToHalf(float value) => (Half)Math.Clamp(value, (float)Half.MinValue, (float)Half.MaxValue);
}
