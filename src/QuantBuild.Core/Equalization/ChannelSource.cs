using QuantBuild.Onnx;

namespace QuantBuild.Equalization;

/// <summary>Constants that the channels of a value follow: dividing all of them by a channel's factor divides the channel.</summary>
/// <param name="Channels">Of the value, before an image is flattened.</param>
/// <param name="Divided">All of them.</param>
/// <param name="Shifted">Subtracting from this one subtracts from the channel; null when that does not follow.</param>
/// <param name="OnlyBelow">True when the channel follows only as long as it stays positive: there is a Relu between.</param>
/// <param name="Ceiling">Where a Clip behind the constants cuts; infinite without one.</param>
/// <param name="Producer">The weights among the constants; null when there are none.</param>
internal sealed record ChannelSource(
    int Channels, IReadOnlyList<ConstantSlot> Divided, ConstantSlot? Shifted, bool OnlyBelow, float Ceiling, LinearWeights? Producer)
{
    /// <summary>Walks from a value to what made it.</summary>
    /// <param name="axis">Where the readers have the value's channels.</param>
    /// <param name="columns">Channels as the readers count them.</param>
    /// <returns>Null when something in between has other readers or does not keep the channels apart.</returns>
    public static ChannelSource? Find(OnnxGraph graph, string value, ChannelAxis axis, int columns) =>
        new Walk(graph, axis, columns).Run(value);

    private sealed class Walk(OnnxGraph graph, ChannelAxis axis, int columns)
    {
        private readonly List<ConstantSlot> divided = [];
        private ConstantSlot? shifted;
        private bool canShift = true;
        private bool onlyBelow;
        private float ceiling = float.PositiveInfinity;
        private bool flattened;

        public ChannelSource? Run(string value)
        {
            while (graph.ProducerOf(value) is { } node)
            {
                if (LinearWeights.Of(graph, node) is { } weights)
                    return OfWeights(weights);
                if (node.Is("LayerNormalization"))
                    return OfNormalization(node);
                if (ConstantOperand(node) is { } operand)
                {
                    divided.Add(operand);
                    if (node.Is("Mul"))
                        return Found(columns, null);
                    if (canShift)
                        shifted ??= operand;
                    canShift = false;
                    value = node.Inputs[1 - operand.InputIndex];
                }
                else if (Passes(node))
                    value = node.Inputs[0];
                else
                    return null;
                if (graph.IsOutput(value) || graph.ConsumersOf(value).Count != 1)
                    return null;
            }
            return null;
        }

        private ChannelSource? OfWeights(LinearWeights weights)
        {
            if (weights.Axis != axis || columns % weights.Outputs != 0 || (!flattened && weights.Outputs != columns))
                return null;
            divided.Add(new ConstantSlot(weights.Node, LinearWeights.WeightInput, (int)weights.Tensor.Length, weights.OutputOf));
            if (weights.Node.Input(LinearWeights.BiasInput) is { } bias)
            {
                if (graph.InitializerOf(bias) is not { ElementType: OnnxElementType.Float } tensor || tensor.Length != weights.Outputs
                    || tensor.Rank == 0 || tensor.Shape[^1] != weights.Outputs)
                    return null;
                var slot = ConstantSlot.Vector(weights.Node, LinearWeights.BiasInput, weights.Outputs);
                divided.Add(slot);
                if (canShift && weights.Node.GetFloat("beta", 1) == 1)
                    shifted ??= slot;
            }
            return Found(weights.Outputs, weights);
        }

        private ChannelSource? OfNormalization(OnnxNode node)
        {
            if (axis != ChannelAxis.Last || flattened || !IsVector(node.Input(1)) || node.Outputs.Skip(1).Any(output => output.Length > 0))
                return null;
            divided.Add(ConstantSlot.Vector(node, 1, columns));
            if (node.Input(2) is not null)
            {
                if (!IsVector(node.Input(2)))
                    return null;
                divided.Add(ConstantSlot.Vector(node, 2, columns));
                if (canShift)
                    shifted ??= divided[^1];
            }
            return Found(columns, null);
        }

        private ChannelSource Found(int channels, LinearWeights? producer) => new(channels, divided, shifted, onlyBelow, ceiling, producer);

        /// <summary>The constant of an Add or Mul that has one value for every channel of the last axis.</summary>
        private ConstantSlot? ConstantOperand(OnnxNode node)
        {
            if ((!node.Is("Add") && !node.Is("Mul")) || axis != ChannelAxis.Last || flattened)
                return null;
            int input = graph.IsInitializer(node.Inputs[0]) ? 0 : 1;
            return !graph.IsInitializer(node.Inputs[1 - input]) && IsVector(node.Inputs[input])
                ? ConstantSlot.Vector(node, input, columns)
                : null;
        }

        private bool IsVector(string? name) =>
            graph.InitializerOf(name) is { ElementType: OnnxElementType.Float, Rank: > 0 } tensor
            && tensor.Length == columns && tensor.Shape[^1] == columns;

        /// <summary>True for what gives s · f(x) for s · x with any positive s, channel by channel.</summary>
        private bool Passes(OnnxNode node)
        {
            switch (node.Domain.Length == 0 ? node.OpType : "")
            {
                case "Relu" or "LeakyRelu":
                case "PRelu" when graph.IsConstant(node.Inputs[1]):
                    onlyBelow |= canShift;
                    return true;
                case "Clip":
                    return Clips(node);
                case "MaxPool" or "AveragePool" or "GlobalMaxPool" or "GlobalAveragePool":
                    canShift &= !node.Is("AveragePool") || !Padding.Of(node);
                    return axis == ChannelAxis.Second && node.Outputs.Count == 1;
                case "Flatten" when node.GetInt("axis", 1) == 1:
                case "Reshape" when KeepsBatch(node):
                    return Flattens();
                default:
                    return false;
            }
        }

        /// <remarks>From zero up: what it cuts below zero is the same for every scale. With a shift it would cut elsewhere.</remarks>
        private bool Clips(OnnxNode node)
        {
            if (divided.Count > 0 || Bound(node, 1) is not 0 || Bound(node, 2) is not { } high || high <= 0)
                return false;
            canShift &= float.IsPositiveInfinity(high);
            onlyBelow |= canShift;
            ceiling = Math.Min(ceiling, high);
            return true;
        }

        private float? Bound(OnnxNode node, int input) => node.Input(input) is not { } name
            ? (input == 1 ? float.NegativeInfinity : float.PositiveInfinity)
            : graph.InitializerOf(name) is { ElementType: OnnxElementType.Float, Length: 1 } bound ? bound.Floats[0] : null;

        /// <summary>[N, C, …] → [N, C · …]: every row is one sample, its channels one after the other.</summary>
        private bool KeepsBatch(OnnxNode node) =>
            node.GetInt("allowzero", 0) == 0
            && graph.InitializerOf(node.Input(1)) is { ElementType: OnnxElementType.Int64, Length: 2 } target
            && target.Values<long>()[0] == 0;

        private bool Flattens()
        {
            if (axis != ChannelAxis.Last || flattened || divided.Count > 0)
                return false;
            flattened = true;
            axis = ChannelAxis.Second;
            return true;
        }
    }
}
