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

    /// <summary>Zero points of 8-bit weights that no other weight shares.</summary>
    /// <remarks>Told to be precise (<c>session.x64quantprecision</c>), the runtime replaces weight and zero points of every kernel by unsigned ones
    /// that are named for them, and refuses the model when that name is there already.</remarks>
    /// <param name="shape">[] for one scale.</param>
    public string ZerosOfOneWeight(params long[] shape) => Add(
        OnnxTensor.Create<sbyte>(OnnxElementType.Int8, shape, new sbyte[shape.Aggregate(1L, (product, length) => product * length)]));

    /// <summary>Stores a tensor, or finds the equal one that is stored already.</summary>
    public string Store(OnnxTensor tensor)
    {
        string key = $"{tensor.ElementType} [{string.Join(",", tensor.Shape)}] {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(tensor.Bytes))}";
        if (!names.TryGetValue(key, out string? name))
            names.Add(key, name = Add(tensor));
        return name;
    }

    private string Add(OnnxTensor tensor) => editor.AddInitializer("c", file?.Append(tensor) ?? tensor.InMemory());
}
