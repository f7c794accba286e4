using QuantBuild.Calibration;
using QuantBuild.Onnx;
using QuantBuild.Placement;

namespace QuantBuild.Equalization;

/// <summary>
/// Divides the channels of what products read by factors, and multiplies the weights with them:
/// <code>
/// x ─ MatMul(W)      →      x ─ Mul(1/s) ─ MatMul(diag(s)·W)
/// </code>
/// One extreme channel no longer sets the step of all others.
/// </summary>
internal static class SmoothQuant
{
    /// <summary>The expected error has to fall at least to this part of it.</summary>
    private const double WorthWhile = 0.7;

    /// <returns>Null when no product gains.</returns>
    public static OnnxModel? Apply(OnnxModel prepared, PlacementPlan plan, CalibrationTable table)
    {
        OnnxModel model = prepared.Clone();
        var editor = new GraphEditor(model.Graph);
        Dictionary<string, OnnxNode> clones = model.Graph.Nodes.ToDictionary(node => node.Outputs[0]);
        bool changed = false;
        foreach (IGrouping<string, int> readers in Enumerable.Range(0, plan.Nodes.Count).Where(i => Covers(plan, i, table, prepared.Graph)).GroupBy(i => InputOf(plan.Nodes[i]), StringComparer.Ordinal))
        {
            InputRows read = table.RowsOf(plan.Nodes[readers.First()], prepared.Graph)!;
            OnnxTensor[] weights = [.. readers.Select(i => prepared.Graph.InitializerOf(plan.Nodes[i].Weight!.Initializer)!)];
            bool[] transposed = [.. readers.Select(i => plan.Nodes[i].Weight!.PairAxis == ReductionOrder.MatrixColumns)];
            (float[] low, float[] high, double[] squares) = Ranges(read);
            if (SmoothingFactors.Choose(low, high, squares, Rows(weights, transposed, read.Columns), WorthWhile) is not { } factors)
                continue;
            changed = true;
            string divided = editor.UniqueName(readers.Key);
            string reciprocals = editor.AddInitializer("smoothing", OnnxTensor.Float([factors.Length], [.. factors.Select(factor => 1 / factor)]));
            OnnxNode first = clones[plan.Nodes[readers.First()].Node.Outputs[0]];
            editor.AddNode("Mul", [readers.Key, reciprocals], [divided], before: first);
            int next = 0;
            foreach (int reader in readers)
            {
                PlannedNode planned = plan.Nodes[reader];
                OnnxNode clone = clones[planned.Node.Outputs[0]];
                editor.SetInput(clone, planned.ActivationInputs[0], divided);
                editor.SetInput(clone, planned.Weight!.InputIndex, editor.AddInitializer(planned.Weight.Initializer, Scaled(weights[next], transposed[next], factors)));
                next++;
            }
        }
        if (!changed)
            return null;
        editor.RemoveDead();
        editor.SortTopologically();
        return model;
    }

    private static string InputOf(PlannedNode node) => node.Node.Inputs[node.ActivationInputs[0]];

    private static bool Covers(PlacementPlan plan, int index, CalibrationTable table, OnnxGraph graph) =>
        table.RowsOf(plan.Nodes[index], graph) is not null
        && plan.Nodes[index].Weight is { PairAxis: ReductionOrder.MatrixRows or ReductionOrder.MatrixColumns }
        && plan.Activations.First(activation => activation.Value == InputOf(plan.Nodes[index])) is { Producer: null };

    private static (float[] Low, float[] High, double[] Squares) Ranges(InputRows rows)
    {
        var low = new float[rows.Columns];
        var high = new float[rows.Columns];
        var squares = new double[rows.Columns];
        for (int row = 0; row < rows.Count; row++)
        {
            ReadOnlySpan<float> values = rows.Row(row, 0);
            for (int column = 0; column < values.Length; column++)
            {
                low[column] = Math.Min(low[column], values[column]);
                high[column] = Math.Max(high[column], values[column]);
                squares[column] += (double)values[column] * values[column] / rows.Count;
            }
        }
        return (low, high, squares);
    }

    /// <summary>[channels][outputs of all readers]</summary>
    private static float[][] Rows(OnnxTensor[] weights, bool[] transposed, int channels)
    {
        var rows = new float[channels][];
        for (int channel = 0; channel < channels; channel++)
        {
            var row = new List<float>();
            for (int i = 0; i < weights.Length; i++)
            {
                ReadOnlySpan<float> values = weights[i].Floats;
                int outputs = values.Length / channels;
                for (int output = 0; output < outputs; output++)
                    row.Add(values[transposed[i] ? (output * channels) + channel : (channel * outputs) + output]);
            }
            rows[channel] = [.. row];
        }
        return rows;
    }

    private static OnnxTensor Scaled(OnnxTensor weight, bool transposed, float[] factors)
    {
        float[] values = weight.Floats.ToArray();
        int outputs = values.Length / factors.Length;
        for (int i = 0; i < values.Length; i++)
            values[i] *= factors[transposed ? i % factors.Length : i / outputs];
        return OnnxTensor.Float([.. weight.Shape], values);
    }
}
