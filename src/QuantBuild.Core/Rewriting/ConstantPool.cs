using QuantBuild.Onnx;
using QuantBuild.Precision;

namespace QuantBuild.Rewriting;

/// <summary>Stores scales and zero points once each: small models would drown in them.</summary>
/// <param name="weights">Takes large tensors of the main graph; null: they become part of the message, as those of bodies do.</param>
internal sealed class ConstantPool(GraphEditor editor, WeightFile? weights)
{
    private readonly WeightFile? file = editor.Graph.Outer is null ? weights : null;
    private readonly Dictionary<string, string> names = new(StringComparer.Ordinal);

    public string Scale(float scale) => Store(OnnxTensor.Scalar(scale));

    public string Scales(float[] scales) => Store(OnnxTensor.Float([scales.Length], scales));

    public string ZeroPoint(QuantizationParameters parameters) => parameters.Type == QuantizedType.UInt8
        ? Store(OnnxTensor.Create<byte>(OnnxElementType.UInt8, [], [(byte)parameters.ZeroPoint]))
        : Store(OnnxTensor.Create<sbyte>(OnnxElementType.Int8, [], [(sbyte)parameters.ZeroPoint]));

    /// <summary>Stores a tensor, or finds the equal one that is stored already.</summary>
    public string Store(OnnxTensor tensor)
    {
        string key = $"{tensor.ElementType} [{string.Join(",", tensor.Shape)}] {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(tensor.Bytes))}";
        if (!names.TryGetValue(key, out string? name))
            names.Add(key, name = editor.AddInitializer("c", file?.Append(tensor) ?? tensor.InMemory()));
        return name;
    }
}
