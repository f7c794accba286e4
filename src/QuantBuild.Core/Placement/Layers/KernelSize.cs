using QuantBuild.Onnx;
using QuantBuild.Placement.LowBits;

namespace QuantBuild.Placement.Layers;

/// <summary>How many bytes of the file the weights of integer kernels take, with their scales and what belongs to the kernel alone.</summary>
internal static class KernelSize
{
    /// <summary>A tensor with its name, type and shape.</summary>
    private const long TensorBytes = 22;

    /// <summary>DequantizeLinear of a weight, with its names and its axis.</summary>
    private const long DequantizeBytes = 50;

    /// <summary>QuantizeLinear and DequantizeLinear of an activation, with their names, a scale and a zero point.</summary>
    private const long PairBytes = 100;

    /// <summary>Cast to int8 of codes that were unpacked.</summary>
    private const long CastBytes = 30;

    /// <summary>DynamicQuantizeLinear, MatMulInteger, Cast and two Mul, with their names, less the product that they stand for.</summary>
    private const long DynamicProductBytes = 150;

    /// <summary>The Add of a bias that a Gemm had.</summary>
    private const long AddBytes = 25;

    /// <summary>Four inputs more, of another domain.</summary>
    private const long DynamicLstmBytes = 60;

    /// <param name="nodes">All that read one weight.</param>
    /// <param name="target">How its codes are packed; null: they have 8 bits.</param>
    public static long OfIntegers(OnnxTensor weight, IReadOnlyList<PlannedNode> nodes, LowBitTarget? target)
    {
        long pairs = nodes.Sum(node => node.ActivationInputs.Count + (node.QuantizesOutput ? 1 : 0)) * PairBytes;
        if (nodes[0].Weight is not { } planned)
            return weight.Length + TensorBytes + DequantizeBytes + pairs;
        long channels = planned.Axis is { } axis ? weight.Shape[axis] : 1;
        long scales = (channels * (sizeof(float) + 1)) + (2 * TensorBytes) + DequantizeBytes;
        long biases = nodes.Count(node => node.Bias is not null) * ((channels * sizeof(float)) + TensorBytes + DequantizeBytes);
        long codes = target is null
            ? weight.Length + TensorBytes
            // Its scales are signs, in 16 bits.
            : new LowBitSize(target.Bits, target.Matrix, target.BlockColumns) { HalfScales = true }.BytesOf(LowBitForm.Folded) + CastBytes;
        return codes + scales + biases + pairs;
    }

    public static long OfDynamic(DynamicNode node)
    {
        bool isLstm = node.Node.Is("LSTM");
        long weights = node.Weights.Sum(weight =>
        {
            OnnxTensor tensor = node.Graph.InitializerOf(weight.Initializer)!;
            long channels = new WeightLayout(tensor, weight).ChannelCount;
            return tensor.Length + (channels * (isLstm ? sizeof(float) + 1 : sizeof(float))) + ((isLstm ? 3 : 2) * TensorBytes);
        });
        return weights + (isLstm ? DynamicLstmBytes : DynamicProductBytes + (node.Node.Is("Gemm") && node.Node.Input(2) is not null ? AddBytes : 0));
    }
}
