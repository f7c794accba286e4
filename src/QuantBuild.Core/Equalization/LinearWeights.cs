using QuantBuild.Onnx;

namespace QuantBuild.Equalization;

/// <summary>The constant weights of a Conv, Gemm or MatMul, with the channels that each of them joins.</summary>
internal sealed class LinearWeights
{
    /// <summary>Position of the weights among the node's inputs.</summary>
    public const int WeightInput = 1;

    /// <summary>Position of the bias of a Conv or Gemm.</summary>
    public const int BiasInput = 2;

    private readonly int outputStride;
    private readonly int inputStride;
    private readonly int outputsPerGroup;

    private LinearWeights(OnnxNode node, OnnxTensor tensor, int outputs, int inputsPerGroup, int groups, int outputStride, int inputStride)
    {
        Node = node;
        Tensor = tensor;
        Outputs = outputs;
        InputsPerGroup = inputsPerGroup;
        Inputs = inputsPerGroup * groups;
        outputsPerGroup = outputs / groups;
        this.outputStride = outputStride;
        this.inputStride = inputStride;
    }

    public OnnxNode Node { get; }

    public OnnxTensor Tensor { get; }

    /// <summary>Output channels.</summary>
    public int Outputs { get; }

    /// <summary>Input channels.</summary>
    public int Inputs { get; }

    /// <summary>Input channels that an output channel reads.</summary>
    public int InputsPerGroup { get; }

    /// <summary>Positions of the kernel; 1 for a product of matrices.</summary>
    public int Positions => (int)(Tensor.Length / Outputs / InputsPerGroup);

    public ChannelAxis Axis => Node.Is("Conv") ? ChannelAxis.Second : ChannelAxis.Last;

    /// <returns>Null for other nodes, and for weights that are not of this node alone or not plain float32.</returns>
    public static LinearWeights? Of(OnnxGraph graph, OnnxNode node)
    {
        bool convolves = node.Is("Conv");
        if (!convolves && !node.Is("MatMul") && !(node.Is("Gemm") && node.GetInt("transA", 0) == 0))
            return null;
        if (graph.InitializerOf(node.Input(WeightInput)) is not { ElementType: OnnxElementType.Float, Length: > 0 } weight
            || !graph.IsInitializer(node.Inputs[WeightInput]) || graph.IsInitializer(node.Inputs[0])
            || graph.ConsumersOf(node.Inputs[WeightInput]).Count != 1 || (convolves ? weight.Rank < 3 : weight.Rank != 2)
            || weight.Length > int.MaxValue || weight.HasValuesThatAreNotFinite)
            return null;
        int first = (int)weight.Shape[0];
        int second = (int)weight.Shape[1];
        if (convolves)
        {
            int positions = (int)(weight.Length / first / second);
            return new LinearWeights(node, weight, first, second, (int)node.GetInt("group", 1), second * positions, positions);
        }
        return node.GetInt("transB", 0) != 0
            ? new LinearWeights(node, weight, first, second, 1, second, 1)
            : new LinearWeights(node, weight, second, first, 1, 1, second);
    }

    /// <summary>The output channel of an index into the weights.</summary>
    public int OutputOf(int index) => index / outputStride % Outputs;

    /// <summary>The input channel of an index into the weights.</summary>
    public int InputOf(int index) => FirstInputOf(OutputOf(index)) + (index / inputStride % InputsPerGroup);

    /// <summary>The channels of all weights, in the order of the tensor.</summary>
    public LinearWeightChannels Channels => new(this, outputStride, inputStride);

    /// <summary>The first of the input channels that an output channel reads; the others follow it.</summary>
    public int FirstInputOf(int output) => output / outputsPerGroup * InputsPerGroup;
}

/// <summary>Where the channels of a value are: the axis that nodes with weights sum over.</summary>
internal enum ChannelAxis
{
    /// <summary>[N, channels, …], as Conv reads it.</summary>
    Second,

    /// <summary>[…, channels], as MatMul and Gemm read it.</summary>
    Last,
}
