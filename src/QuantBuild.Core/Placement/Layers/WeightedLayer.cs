using QuantBuild.Onnx;
using QuantBuild.Placement.LowBits;
using QuantBuild.Settings;

namespace QuantBuild.Placement.Layers;

/// <summary>Nodes that compute with the same float weights, and so take one form together.</summary>
/// <param name="Name">Of the first node in the order of the graphs, as reports have it.</param>
/// <param name="Weights">One, as a rule; two of a recurrent node, and several where nodes share a name.</param>
/// <param name="Nodes">All that read the weights, in the order of the graphs.</param>
/// <param name="Forms">The possible ones; <see cref="LayerForm.Float32"/> is always the last.</param>
/// <param name="Refused">The others.</param>
internal sealed record WeightedLayer(
    string Name, IReadOnlyList<LayerWeight> Weights, IReadOnlyList<OnnxNode> Nodes, IReadOnlyList<LayerFormPlan> Forms, IReadOnlyList<RefusedForm> Refused)
{
    /// <summary>The nodes in the plan of what runs in integers; empty when not all of them do.</summary>
    public IReadOnlyList<PlannedNode> Integers { get; init; } = [];

    /// <summary>The nodes as kernels that find ranges at every run; empty when not all of them can.</summary>
    public IReadOnlyList<DynamicNode> Dynamics { get; init; } = [];

    /// <returns>Null when the form is not possible.</returns>
    public LayerFormPlan? Plan(LayerForm form) => Forms.FirstOrDefault(plan => plan.Form == form);

    public override string ToString() => Name;
}

/// <param name="Axes">What has a scale of its own when it is only stored in few bits; null when its readers do not agree.</param>
internal sealed record LayerWeight(ConstantKey Key, ChannelAxes? Axes)
{
    public OnnxTensor Tensor => Key.Graph.InitializerOf(Key.Name)!;
}

/// <summary>One form that a layer can take.</summary>
/// <param name="Bytes">Of its weights in the file, with the nodes that restore them.</param>
/// <param name="Cost">Estimated time of a run of it, in nanoseconds; 0 in a body that no sample has reached.</param>
internal sealed record LayerFormPlan(LayerForm Form, long Bytes, double Cost)
{
    /// <summary>How the weights are rounded that have fewer than 8 bits, in the order of <see cref="WeightedLayer.Weights"/>; empty for 8 bits and more.</summary>
    public IReadOnlyList<LowBitTarget> Targets { get; init; } = [];
}

internal sealed record RefusedForm(LayerForm Form, string Reason);
