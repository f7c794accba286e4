using System.Runtime.InteropServices;
using QuantBuild.Onnx;
using QuantBuild.Onnx.Schema;

namespace QuantBuild.Testing;

/// <summary>The file beside a model that holds its large weights; <c>.data</c> behind the model's name.</summary>
internal sealed class ExternalDataFile(string modelPath) : IDisposable
{
    /// <summary>External data starts at multiples of a page, so that it can be mapped.</summary>
    private const int Alignment = 4096;

    private readonly FileStream data = File.Create(modelPath + ".data");

    /// <returns>The initializer that points to the values.</returns>
    public TensorProto Append(string name, long[] shape, ReadOnlySpan<float> values)
    {
        data.Position = (data.Position + Alignment - 1) / Alignment * Alignment;
        var tensor = new TensorProto
        {
            Name = name,
            DataType = (int)OnnxElementType.Float,
            DataLocation = TensorProto.Types.DataLocation.External,
        };
        tensor.Dims.AddRange(shape);
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(values);
        Set("location", Path.GetFileName(data.Name));
        Set("offset", $"{data.Position}");
        Set("length", $"{bytes.Length}");
        data.Write(bytes);
        return tensor;

        void Set(string key, string value) => tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
    }

    public void Dispose() => data.Dispose();
}
