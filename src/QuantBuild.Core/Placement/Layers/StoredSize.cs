using QuantBuild.Onnx;

namespace QuantBuild.Placement.Layers;

/// <summary>How many bytes of the file a float constant takes that is stored in 8 or 16 bits and restored at load, nodes and names included.</summary>
internal readonly record struct StoredSize(long Length)
{
    /// <summary>For less, a file is not worth two more nodes.</summary>
    public const long LeastSaving = 256;

    /// <summary>Bytes of the nodes and names that turn codes or halves into floats.</summary>
    private const long RestoringInt8Bytes = 80;

    private const long RestoringFloat16Bytes = 40;

    /// <summary>A tensor with its name, type and shape.</summary>
    private const long TensorBytes = 22;

    public long Float32Bytes => (sizeof(float) * Length) + TensorBytes;

    public long Float16Bytes => (2 * Length) + RestoringFloat16Bytes;

    /// <summary>False where fewer bits save less than the nodes are worth that restore the constant.</summary>
    public bool IsWorthRestoring => (sizeof(float) * Length) - Float16Bytes >= LeastSaving;

    /// <param name="channels">Each has a scale.</param>
    public long Int8Bytes(long channels) => Length + (sizeof(float) * channels) + RestoringInt8Bytes;

    /// <param name="axes">What has a scale of its own.</param>
    public static long Int8BytesOf(OnnxTensor tensor, ChannelAxes axes) =>
        new StoredSize(tensor.Length).Int8Bytes(axes.MergedShape(tensor.Shape)[axes.First]);
}
