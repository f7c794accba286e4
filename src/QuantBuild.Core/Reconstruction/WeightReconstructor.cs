using QuantBuild.Calibration;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Precision;
using QuantBuild.Settings;

namespace QuantBuild.Reconstruction;

/// <summary>Chooses the codes of every weight again, all codes of an output channel together, by the error of what the node computes from rows that were kept.</summary>
internal static class WeightReconstructor
{
    /// <summary>Second moments of longer rows take more memory and time than they are worth.</summary>
    private const int MostColumns = 4096;

    /// <param name="codes">Where the search starts.</param>
    /// <param name="share">See <see cref="LayerGram.Of"/>.</param>
    public static WeightCodes Reconstruct(
        OnnxGraph graph, PrecisionPlan precision, CalibrationTable table, WeightCodes codes, WeightRounding rounding, double share)
    {
        if (rounding == WeightRounding.Nearest)
            return codes;
        IReadOnlyList<PlannedNode> nodes = precision.Placement.Nodes;
        var weights = codes.Weights.ToDictionary();
        foreach (IGrouping<PlannedWeight, PlannedNode> users in nodes.Where(node => node.Weight is not null).GroupBy(node => node.Weight! with { InputIndex = 0 }))
        {
            // What several nodes share is read by each of them in another scale.
            if (users.ToArray() is not [var node] || table.RowsOf(node, graph) is not { Count: > 0, Columns: <= MostColumns } rows)
                continue;
            LayerGram[] grams = LayerGram.Of(rows, precision.Activations[node.Node.Inputs[node.ActivationInputs[0]]], node.Bias is not null, share);
            weights[node.Weight!] = Reconstruct(graph.ConstantAnywhere(node.Weight!.Initializer)!.InMemory(), node.Weight, weights[node.Weight], grams);
        }
        return codes with { Weights = weights };
    }

    private static QuantizedWeight Reconstruct(OnnxTensor weight, PlannedWeight planned, QuantizedWeight start, LayerGram[] grams)
    {
        int sums = WeightLayout.SumCount(weight, planned);
        byte[] codes = start.Codes.Bytes.ToArray();
        float[] scales = [.. start.Scales];
        Parallel.For(0, sums, sum =>
        {
            int[] positions = WeightLayout.PositionsOfSum(weight, planned, sum);
            ReadOnlySpan<float> values = weight.Floats;
            var ordered = new float[positions.Length];
            var channelCodes = new sbyte[positions.Length];
            for (int i = 0; i < positions.Length; i++)
            {
                ordered[i] = values[positions[i]];
                channelCodes[i] = (sbyte)codes[positions[i]];
            }
            CoordinateDescent.Improve(
                ordered, grams[sum / (sums / grams.Length)], scales[scales.Length == 1 ? 0 : sum], planned.PairAxis != ReductionOrder.Single, channelCodes);
            for (int i = 0; i < positions.Length; i++)
                codes[positions[i]] = (byte)channelCodes[i];
        });
        return new QuantizedWeight(OnnxTensor.Wrap(OnnxElementType.Int8, [.. weight.Shape], codes), scales);
    }
}
