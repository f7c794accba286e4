using QuantBuild.Onnx;
using QuantBuild.Placement.LowBits;

namespace QuantBuild.Placement;

/// <summary>Which nodes run in integers, which tensors that needs, and why every other node stays float. Structure only: no numbers yet.</summary>
/// <param name="Nodes">In the order of the graph.</param>
/// <param name="Activations">Every activation that gets a QuantizeLinear/DequantizeLinear pair, in the order of the graph.</param>
/// <param name="FloatWeights">Initializers that the user's exclusions keep in float, in the file as well.</param>
internal sealed record PlacementPlan(
    IReadOnlyList<PlannedNode> Nodes,
    IReadOnlyList<PlannedActivation> Activations,
    IReadOnlyList<FloatNode> FloatNodes,
    IReadOnlySet<string> FloatWeights)
{
    /// <summary>Nodes of all graphs that run in integer kernels of another kind: those that find the ranges of what they read at every run.</summary>
    public IReadOnlyList<DynamicNode> DynamicNodes { get; init; } = [];

    /// <summary>Constants that are stored in few bits, whether what reads them computes in integers or in float.</summary>
    public LowBitPlan LowBits { get; init; } = LowBitPlan.Nothing;

    /// <summary>The same plan with one scale for the whole of each weight.</summary>
    public PlacementPlan WithOneScalePerWeight() => this with
    {
        Nodes = [.. Nodes.Select(node => node with { Weight = node.Weight is null ? null : node.Weight with { Axis = null } })],
    };
}

/// <summary>One node that is to run in an integer kernel.</summary>
/// <param name="Kernels">Operators of the optimized graph of which one proves that it does.</param>
/// <param name="ActivationInputs">Positions of the inputs that are read as quantized activations.</param>
/// <param name="Weight">The constant operand; null for nodes without one.</param>
/// <param name="Bias">The constant that is added; null when there is none.</param>
/// <param name="Absorbed">Nodes behind this one that disappear into it: a Relu or Clip, or the Add of a bias.</param>
/// <param name="Output">The value that leaves the node and what it absorbed.</param>
/// <param name="QuantizesOutput">True when the kernel gives integers, so that all readers of <paramref name="Output"/> read the quantized value.</param>
internal sealed record PlannedNode(
    OnnxNode Node,
    IReadOnlyList<string> Kernels,
    IReadOnlyList<int> ActivationInputs,
    PlannedWeight? Weight,
    PlannedBias? Bias,
    IReadOnlyList<OnnxNode> Absorbed,
    string Output,
    bool QuantizesOutput)
{
    /// <summary>Set for a node that is computed as another one; null for all that stay what they are.</summary>
    public SaturatingSum? WrittenAs { get; init; }

    /// <summary>Constants that stand in place of activations.</summary>
    public IReadOnlyList<PlannedConstant> Constants { get; init; } = [];

    /// <summary>Values beside <see cref="Output"/> that leave the node, with the same parameters: the parts of a Split.</summary>
    public IReadOnlyList<string> FurtherOutputs { get; init; } = [];

    /// <summary>True when the node gives whole numbers that are no activation.</summary>
    public bool GivesIndices { get; init; }

    public IEnumerable<string> Outputs => FurtherOutputs.Prepend(Output);

    /// <summary>The same node, with what is behind it left where it is.</summary>
    public PlannedNode WithoutAbsorbed() => this with
    {
        Absorbed = [],
        Bias = Bias?.Reader == Node ? Bias : null,
        Output = Node.Outputs[0],
    };
}

/// <param name="Initializer">Name of the float constant.</param>
/// <param name="InputIndex">Position among the node's inputs.</param>
/// <param name="Axis">The axis of output channels; null: one scale for the whole tensor.</param>
/// <param name="PairAxis">How the kernel walks through what it sums over, which decides what can saturate.</param>
internal sealed record PlannedWeight(string Initializer, int InputIndex, int? Axis, ReductionOrder PairAxis);

/// <summary>The order in which a kernel sums products; on processors without VNNI two neighbours are added in 16 bits.</summary>
internal enum ReductionOrder
{
    /// <summary>One product at a time: nothing can saturate.</summary>
    Single,

    /// <summary>Weights [out, in/group, spatial…]: spatial positions first, input channels innermost.</summary>
    ConvolutionChannelsLast,

    /// <summary>Weights [in, out]: down the rows.</summary>
    MatrixRows,

    /// <summary>Weights [out, in]: along the columns.</summary>
    MatrixColumns,

    /// <summary>Weights [directions, gates · hidden, in] of a recurrent node: along the last axis, a channel for every row of every direction.</summary>
    RecurrentRows,
}

/// <param name="Initializer">Name of the float constant.</param>
/// <param name="Reader">The node that reads it: the planned node itself, or the absorbed Add.</param>
/// <param name="InputIndex">Position among the reader's inputs.</param>
internal sealed record PlannedBias(string Initializer, OnnxNode Reader, int InputIndex);

/// <summary><c>clip(Slope · x + Offset, 0, 1) = Slope · clip(x + Shift, 0, 1 / Slope)</c>: an addition whose codes begin at zero and are read with
/// a scale that is <paramref name="Slope"/> times the one they were made with.</summary>
/// <param name="Shift">Offset / Slope; positive.</param>
/// <param name="Slope">Positive.</param>
internal sealed record SaturatingSum(float Shift, float Slope);

/// <summary>A constant operand of a kernel that reads unsigned codes: one scale and zero point for the whole tensor.</summary>
/// <param name="Value">Name of the float constant: an initializer, or what a ConstantOfShape fills.</param>
/// <param name="InputIndex">Position among the node's inputs.</param>
/// <param name="Tensor">Its floats.</param>
internal sealed record PlannedConstant(string Value, int InputIndex, OnnxTensor Tensor);

/// <param name="Value">Name of the float value.</param>
/// <param name="Producer">Index into <see cref="PlacementPlan.Nodes"/> of the node that must quantize it; null when only readers want it quantized.</param>
/// <param name="TiedTo">Another activation whose parameters this one shares bit for bit; null when it has its own.</param>
internal sealed record PlannedActivation(string Value, int? Producer, string? TiedTo)
{
    /// <summary>The body of If, Loop or Scan in which the value is quantized, its own or one that reads it; null in the main graph.</summary>
    public OnnxGraph? Body { get; init; }

    /// <summary>What lies beyond is the same as the bound to all who read it; null: everything counts.</summary>
    public ReadBounds? Bounds { get; init; }

    /// <summary>The output of a concatenation that is all that reads this, whose parameters it takes when its own range allows; null: its own.</summary>
    public string? JoinedInto { get; init; }
}

internal sealed record ReadBounds(float Low, float High);

internal sealed record FloatNode(OnnxNode Node, string Reason)
{
    /// <summary>For people.</summary>
    public string Name => Node.DisplayName;

    public string OpType => Node.OpType;
}
