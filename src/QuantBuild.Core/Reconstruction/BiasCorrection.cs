using QuantBuild.Calibration;
using QuantBuild.Numerics;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Precision;

namespace QuantBuild.Reconstruction;

/// <summary>Puts the mean error of a node's output into its bias: <c>b′ = b + E[W·x] − E[Ŵ·x̂]</c> per output channel.</summary>
internal static class BiasCorrection
{
    /// <summary>From rows that were kept, with x in float and x̂ the same as it is quantized: what each node adds to the error by itself.</summary>
    public static WeightCodes Fast(OnnxGraph graph, PrecisionPlan precision, CalibrationTable table, WeightCodes codes) =>
        Correct(graph, precision, table, table.Rows, codes with { BiasCorrections = new Dictionary<int, float[]>() });

    /// <summary>With x̂ from the quantized model: errors of the nodes before are taken back as well.</summary>
    /// <param name="stream">Rows of the nodes that are to be corrected, as the quantized model has them.</param>
    public static WeightCodes InStream(
        OnnxGraph graph, PrecisionPlan precision, CalibrationTable table, IReadOnlyDictionary<RowsKey, InputRows> stream, WeightCodes codes) =>
        Correct(graph, precision, table, stream, codes);

    /// <summary>The biases as the model has them.</summary>
    public static WeightCodes None(OnnxGraph graph, PrecisionPlan precision, WeightCodes codes) =>
        WithCorrections(graph, precision, codes, new Dictionary<int, float[]>());

    private static WeightCodes Correct(
        OnnxGraph graph, PrecisionPlan precision, CalibrationTable table, IReadOnlyDictionary<RowsKey, InputRows> seen, WeightCodes codes)
    {
        IReadOnlyList<PlannedNode> nodes = precision.Placement.Nodes;
        var corrections = codes.BiasCorrections.ToDictionary();
        for (int i = 0; i < nodes.Count; i++)
            if (nodes[i].Bias is not null && table.RowsOf(nodes[i], graph) is { Count: > 0 } rows && seen.TryGetValue(RowsKey.Of(nodes[i], graph)!.Value, out InputRows? read))
                corrections[i] = Shifts(graph, nodes[i], rows.Take(read.Count), read, precision.Activations[nodes[i].Node.Inputs[nodes[i].ActivationInputs[0]]], codes);
        return WithCorrections(graph, precision, codes, corrections);
    }

    private static WeightCodes WithCorrections(
        OnnxGraph graph, PrecisionPlan precision, WeightCodes codes, IReadOnlyDictionary<int, float[]> corrections) => codes with
        {
            Biases = WeightQuantizer.QuantizeBiases(graph, precision, codes.Weights, corrections),
            BiasCorrections = corrections,
        };

    private static float[] Shifts(
        OnnxGraph graph, PlannedNode node, InputRows rows, InputRows seen, QuantizationParameters input, WeightCodes codes)
    {
        OnnxTensor weight = graph.ConstantAnywhere(node.Weight!.Initializer)!.InMemory();
        QuantizedWeight quantized = codes.Weights[node.Weight];
        double[] mean = Means(rows, null);
        double[] quantizedMean = Means(seen, input);
        var layout = new WeightLayout(weight, node.Weight);
        var shifts = new float[layout.SumCount];
        int perGroup = shifts.Length / rows.Groups;
        Parallel.For(0, shifts.Length, sum =>
        {
            int[] positions = layout.PositionsOfSum(sum);
            ReadOnlySpan<float> values = weight.Floats;
            ReadOnlySpan<sbyte> ints = quantized.Codes.Values<sbyte>();
            double scale = quantized.Scales[quantized.Scales.Length == 1 ? 0 : sum];
            int first = sum / perGroup * rows.Columns;
            double shift = 0;
            for (int i = 0; i < positions.Length; i++)
                shift += (values[positions[i]] * mean[first + i]) - (ints[positions[i]] * scale * quantizedMean[first + i]);
            shifts[sum] = (float)shift;
        });
        return shifts;
    }

    /// <param name="input">Null: the rows as they are.</param>
    /// <returns>[groups, columns]</returns>
    private static double[] Means(InputRows rows, QuantizationParameters? input)
    {
        int length = rows.Groups * rows.Columns;
        var sums = new double[length];
        var quantized = new float[length];
        for (int row = 0; row < rows.Count; row++)
        {
            ReadOnlySpan<float> values = rows.Values.AsSpan(row * length, length);
            if (input is not null)
            {
                FakeQuantizeKernel.FakeQuantize(values, quantized, input.Scale, input.ZeroPoint, CodeRange.UInt8);
                values = quantized;
            }
            for (int i = 0; i < length; i++)
                sums[i] += values[i];
        }
        return [.. sums.Select(sum => sum / rows.Count)];
    }
}
