using QuantBuild.Onnx;

namespace QuantBuild.Equalization;

/// <summary>Collects what happens to constants, in double precision, and writes each of them once: <c>(c + Σ additions) · Π
/// factors</c>.</summary>
internal sealed class ConstantChanges(OnnxGraph graph)
{
    private readonly Dictionary<(string Output, int Input), Change> changes = [];
    private readonly List<Change> order = [];

    public bool Any => order.Count > 0;

    public void Divide(ConstantSlot slot, IReadOnlyList<float> factors)
    {
        double[] values = Of(slot).Factors;
        for (int i = 0; i < values.Length; i++)
            values[i] /= factors[slot.ChannelOf(i)];
    }

    public void Multiply(ConstantSlot slot, IReadOnlyList<float> factors)
    {
        double[] values = Of(slot).Factors;
        for (int i = 0; i < values.Length; i++)
            values[i] *= factors[slot.ChannelOf(i)];
    }

    /// <param name="sign">1 or −1.</param>
    /// <param name="values">By channel, in units of the constant as it was.</param>
    public void Add(ConstantSlot slot, int sign, IReadOnlyList<double> values)
    {
        double[] sums = Of(slot).Additions;
        for (int i = 0; i < sums.Length; i++)
            sums[i] += sign * values[slot.ChannelOf(i)];
    }

    /// <param name="nodes">Of the graph that is changed, by the first output of the node that it is a copy of.</param>
    public void Write(GraphEditor editor, IReadOnlyDictionary<string, OnnxNode> nodes)
    {
        foreach (Change change in order)
        {
            (OnnxNode node, int input) = (change.Slot.Node, change.Slot.InputIndex);
            OnnxTensor tensor = graph.InitializerOf(node.Inputs[input])!;
            float[] values = tensor.Floats.ToArray();
            for (int i = 0; i < values.Length; i++)
                values[i] = (float)((values[i] + change.Additions[i]) * change.Factors[i]);
            string written = editor.AddInitializer(node.Inputs[input], OnnxTensor.Float([.. tensor.Shape], values));
            editor.SetInput(nodes[node.Outputs[0]], input, written);
        }
    }

    private Change Of(ConstantSlot slot)
    {
        if (!changes.TryGetValue((slot.Node.Outputs[0], slot.InputIndex), out Change? change))
        {
            double[] ones = new double[slot.Length];
            Array.Fill(ones, 1);
            change = new Change(slot, ones, new double[slot.Length]);
            changes.Add((slot.Node.Outputs[0], slot.InputIndex), change);
            order.Add(change);
        }
        return change;
    }

    private sealed record Change(ConstantSlot Slot, double[] Factors, double[] Additions);
}
