using QuantBuild.Calibration;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Precision;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Settings;

namespace QuantBuild.Reconstruction;

/// <summary>Chooses the codes of weights again, all codes of an output channel together, by the error of what the node computes from rows that were kept.</summary>
internal static class WeightReconstructor
{
    /// <summary>Second moments of longer rows take more memory and time than they are worth.</summary>
    private const int MostColumns = 4096;

    /// <param name="codes">Where the search starts.</param>
    /// <param name="share">See <see cref="LayerGram.Of"/>.</param>
    /// <param name="stream">Rows as the quantized model has them, of the nodes whose weights are chosen; null: all, with x̂ from the rows of the float model.</param>
    public static WeightCodes Reconstruct(
        OnnxGraph graph,
        PrecisionPlan precision,
        CalibrationTable table,
        WeightCodes codes,
        RoundingMethod rounding,
        LowBitSettings lowBits,
        double share,
        IReadOnlyDictionary<RowsKey, InputRows>? stream = null)
    {
        if (rounding == RoundingMethod.Nearest)
            return codes;
        var weights = codes.Weights.ToDictionary();
        foreach (IGrouping<PlannedWeight, PlannedNode> users in precision.Placement.Nodes
            .Where(node => node.Weight is not null).GroupBy(node => node.Weight! with { InputIndex = 0 }))
        {
            // What several nodes share is read by each of them in another scale.
            if (users.ToArray() is not [var node] || table.RowsOf(node, graph) is not { Count: > 0, Columns: <= MostColumns } rows)
                continue;
            InputRows? seen = null;
            if (stream?.TryGetValue(RowsKey.Of(node, graph)!.Value, out seen) == false)
                continue;
            rows = rows.Take(seen?.Count ?? rows.Count);
            QuantizationParameters input = precision.Activations[node.Node.Inputs[node.ActivationInputs[0]]];
            LayerGram[] grams = LayerGram.Of(rows, input, node.Bias is not null, share, stream: seen);
            OnnxTensor tensor = graph.ConstantAnywhere(node.Weight!.Initializer)!.InMemory();
            float[] minimumScales = WeightQuantizer.MinimumScales(graph, precision, [node], new WeightLayout(tensor, node.Weight).ChannelCount);
            weights[node.Weight] = precision.Placement.LowBits.Integers.GetValueOrDefault(node.Weight.Initializer) is { } target
                ? new LowBitRounder(lowBits, rounding).RoundToIntegers(target, grams, minimumScales)
                : Reconstruct(tensor, node.Weight, weights[node.Weight], minimumScales, grams, rounding);
        }
        return codes with { Weights = weights };
    }

    private static QuantizedWeight Reconstruct(
        OnnxTensor weight, PlannedWeight planned, QuantizedWeight start, float[] minimumScales, LayerGram[] grams, RoundingMethod rounding)
    {
        var layout = new WeightLayout(weight, planned);
        int[][] positions = [.. Enumerable.Range(0, layout.SumCount).Select(layout.PositionsOfSum)];
        byte[] codes = start.Codes.Bytes.ToArray();
        float[] scales = [.. start.Scales];
        int perGroup = positions.Length / grams.Length;
        Action<int> reconstruct = group =>
        {
            int first = group * perGroup;
            ReadOnlySpan<float> values = weight.Floats;
            int columns = grams[group].Columns;
            var layer = new LayerWeights(
                columns, planned.PairAxis != ReductionOrder.Single, Gather(values, positions.AsSpan(first, perGroup), columns));
            for (int channel = 0; channel < perGroup; channel++)
            {
                layer.Scales[channel] = scales[scales.Length == 1 ? 0 : first + channel];
                for (int i = 0; i < columns; i++)
                    layer.CodesOf(channel)[i] = (sbyte)codes[positions[first + channel][i]];
            }
            int threads = grams.Length == 1 ? -1 : 1;
            if (planned.Axis is not null)
            {
                WeightRounding.Start(grams[group], layer, minimumScales[first..(first + perGroup)], threads);
                layer.Scales.CopyTo(scales, first);
            }
            Round(grams[group], layer, rounding, threads);
            for (int channel = 0; channel < perGroup; channel++)
                for (int i = 0; i < columns; i++)
                    codes[positions[first + channel][i]] = (byte)layer.CodesOf(channel)[i];
        };
        if (grams.Length == 1)
            reconstruct(0);
        else
            Parallel.For(0, grams.Length, reconstruct);
        return new QuantizedWeight(OnnxTensor.Wrap(OnnxElementType.Int8, [.. weight.Shape], codes), scales);
    }

    private static void Round(LayerGram gram, LayerWeights weights, RoundingMethod rounding, int maximumThreads)
    {
        switch (rounding)
        {
            case RoundingMethod.Gptq:
                Gptq.Round(gram, weights, maximumThreads);
                break;
            case RoundingMethod.AdaRound:
                AdaRound.Round(gram, weights, maximumThreads);
                break;
            default:
                WeightRounding.CompensateAndDescend(gram, weights, maximumThreads);
                break;
        }
    }

    /// <returns>[channels, columns]</returns>
    private static float[] Gather(ReadOnlySpan<float> values, ReadOnlySpan<int[]> positions, int columns)
    {
        var gathered = new float[positions.Length * columns];
        for (int channel = 0; channel < positions.Length; channel++)
            for (int i = 0; i < columns; i++)
                gathered[(channel * columns) + i] = values[positions[channel][i]];
        return gathered;
    }
}
