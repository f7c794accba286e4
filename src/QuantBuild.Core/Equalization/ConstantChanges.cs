using QuantBuild.Onnx;

namespace QuantBuild.Equalization;

/// <summary>Collects what happens to constants, in double precision, and writes each of them once: <c>(c + Σ additions) · Π
/// factors</c>.</summary>
internal sealed class ConstantChanges(OnnxGraph graph)
{
    private readonly Dictionary<(string Output, int Input), Change> changes = [];
    private readonly List<Change> order = [];

    public bool Any => order.Count > 0;

    public void Divide(ConstantSlot slot, IReadOnlyList<float> factors) => Of(slot).Factors.Add((slot, factors, true));

    public void Multiply(ConstantSlot slot, IReadOnlyList<float> factors) => Of(slot).Factors.Add((slot, factors, false));

    /// <param name="sign">1 or −1.</param>
    /// <param name="values">By channel, in units of the constant as it was.</param>
    public void Add(ConstantSlot slot, int sign, IReadOnlyList<double> values) => Of(slot).Additions.Add((slot, sign, values));

    /// <param name="nodes">Of the graph that is changed, by the first output of the node that it is a copy of.</param>
    public void Write(GraphEditor editor, IReadOnlyDictionary<string, OnnxNode> nodes)
    {
        foreach (Change change in order)
        {
            (OnnxNode node, int input) = (change.Slot.Node, change.Slot.InputIndex);
            OnnxTensor tensor = graph.InitializerOf(node.Inputs[input])!;
            string written = editor.AddInitializer(node.Inputs[input], OnnxTensor.Float([.. tensor.Shape], change.Of(tensor)));
            editor.SetInput(nodes[node.Outputs[0]], input, written);
        }
    }

    private Change Of(ConstantSlot slot)
    {
        if (!changes.TryGetValue((slot.Node.Outputs[0], slot.InputIndex), out Change? change))
        {
            change = new Change(slot, [], []);
            changes.Add((slot.Node.Outputs[0], slot.InputIndex), change);
            order.Add(change);
        }
        return change;
    }

    private sealed record Change(
        ConstantSlot Slot,
        List<(ConstantSlot Slot, IReadOnlyList<float> Values, bool Divides)> Factors,
        List<(ConstantSlot Slot, int Sign, IReadOnlyList<double> Values)> Additions)
    {
        private const int PartLength = 1 << 14;

        public float[] Of(OnnxTensor tensor)
        {
            tensor = tensor.InMemory();
            var changed = new float[tensor.Length];
            Parallel.For(0, (changed.Length + PartLength - 1) / PartLength, part =>
            {
                ReadOnlySpan<float> values = tensor.Floats;
                for (int i = part * PartLength; i < Math.Min((part + 1) * PartLength, changed.Length); i++)
                {
                    double sum = 0, factor = 1;
                    foreach ((ConstantSlot slot, int sign, IReadOnlyList<double> added) in Additions)
                        sum += sign * added[slot.ChannelOf(i)];
                    foreach ((ConstantSlot slot, IReadOnlyList<float> factors, bool divides) in Factors)
                        factor = divides ? factor / factors[slot.ChannelOf(i)] : factor * factors[slot.ChannelOf(i)];
                    changed[i] = (float)((values[i] + sum) * factor);
                }
            });
            return changed;
        }
    }
}
