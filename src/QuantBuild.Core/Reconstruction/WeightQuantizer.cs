using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Placement.LowBits;
using QuantBuild.Precision;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Settings;

namespace QuantBuild.Reconstruction;

/// <summary>Rounds weights and biases to integers.</summary>
internal static class WeightQuantizer
{
    /// <summary>A bias may use so many codes of the 32-bit accumulator, and leaves the rest to the products.</summary>
    private const double BiasCodes = 1L << 30;

    /// <param name="file">Takes the codes of large weights, so that one weight at a time is in memory; null: they stay in memory.</param>
    public static WeightCodes Quantize(OnnxGraph graph, PrecisionPlan precision, LowBitSettings settings, WeightFile? file = null)
    {
        var rounder = new LowBitRounder(settings, RoundingMethod.Nearest);
        IReadOnlyDictionary<string, LowBitTarget> lowBits = precision.Placement.LowBits.Integers;
        PlannedNode[] nodes = [.. precision.Placement.Nodes];
        var weights = new Dictionary<PlannedWeight, QuantizedWeight>();
        foreach (IGrouping<PlannedWeight, PlannedNode> users in nodes.Where(node => node.Weight is not null).GroupBy(node => node.Weight! with { InputIndex = 0 }))
        {
            OnnxTensor tensor = graph.ConstantAnywhere(users.Key.Initializer)!;
            float[] minimumScales = MinimumScales(graph, precision, users, new WeightLayout(tensor, users.Key).ChannelCount);
            QuantizedWeight quantized = lowBits.GetValueOrDefault(users.Key.Initializer) is { } target
                ? rounder.RoundToIntegers(target, null, minimumScales)
                : Quantize(tensor, users.Key, minimumScales);
            if (file is not null && graph.IsInitializer(users.Key.Initializer))
                quantized = quantized with { Codes = file.Append(quantized.Codes) };
            foreach (PlannedNode user in users)
                weights[user.Weight!] = quantized;
        }

        var constants = new Dictionary<string, QuantizedConstant>(StringComparer.Ordinal);
        foreach (PlannedConstant constant in nodes.SelectMany(node => node.Constants).DistinctBy(constant => constant.Value))
            constants.Add(constant.Value, ConstantQuantizer.Quantize(constant.Tensor));
        return new WeightCodes(weights, QuantizeBiases(graph, precision, weights, new Dictionary<int, float[]>()), constants) { Dynamic = [.. precision.Placement.DynamicNodes.Select(QuantizeDynamic)] };
    }

    /// <summary>All biases, for weights whose scales are known.</summary>
    /// <param name="corrections">By index of the node: what is added to its bias.</param>
    public static IReadOnlyDictionary<int, int[]> QuantizeBiases(
        OnnxGraph graph,
        PrecisionPlan precision,
        IReadOnlyDictionary<PlannedWeight, QuantizedWeight> weights,
        IReadOnlyDictionary<int, float[]> corrections)
    {
        IReadOnlyList<PlannedNode> nodes = precision.Placement.Nodes;
        var biases = new Dictionary<int, int[]>();
        for (int i = 0; i < nodes.Count; i++)
            if (nodes[i].Bias is { } bias)
            {
                OnnxTensor values = graph.ConstantAnywhere(bias.Initializer)!;
                if (corrections.TryGetValue(i, out float[]? shifts))
                    values = Shifted(values, shifts);
                biases.Add(i, QuantizeBias(values, InputScale(nodes[i], precision), weights[nodes[i].Weight!].Scales));
            }
        return biases;
    }

    private static OnnxTensor Shifted(OnnxTensor bias, float[] shifts)
    {
        ReadOnlySpan<float> values = bias.Floats;
        var shifted = new float[shifts.Length];
        for (int i = 0; i < shifted.Length; i++)
            shifted[i] = values[values.Length == 1 ? 0 : i] + shifts[i];
        return OnnxTensor.Float([shifts.Length], shifted);
    }

    /// <summary>Channels are independent of each other, so that the number of threads cannot change a code.</summary>
    internal static QuantizedWeight Quantize(OnnxTensor weight, PlannedWeight planned, float[] minimumScales)
    {
        weight = weight.InMemory();
        var layout = new WeightLayout(weight, planned);
        int channels = layout.ChannelCount;
        var codes = new byte[weight.Length];
        var scales = new float[channels];
        Parallel.For(0, channels, channel =>
        {
            int[] positions = layout.PositionsOf(channel);
            ReadOnlySpan<float> values = weight.Floats;
            var ordered = new float[positions.Length];
            for (int i = 0; i < positions.Length; i++)
                ordered[i] = positions[i] == WeightLayout.NoPosition ? 0 : values[positions[i]];
            var channelCodes = new sbyte[positions.Length];
            scales[channel] = PairSafeChannel.Quantize(ordered, planned.PairAxis != ReductionOrder.Single, minimumScales[channel], channelCodes);
            for (int i = 0; i < positions.Length; i++)
                if (positions[i] != WeightLayout.NoPosition)
                    codes[positions[i]] = (byte)channelCodes[i];
        });
        return new QuantizedWeight(OnnxTensor.Wrap(OnnxElementType.Int8, [.. weight.Shape], codes), scales);
    }

    /// <summary><c>bias / (input scale · weight scale)</c>, rounded half to even.</summary>
    internal static int[] QuantizeBias(OnnxTensor bias, float inputScale, float[] weightScales)
    {
        ReadOnlySpan<float> values = bias.Floats;
        var codes = new int[values.Length];
        for (int channel = 0; channel < codes.Length; channel++)
        {
            float scale = inputScale * weightScales[weightScales.Length == 1 ? 0 : channel];
            codes[channel] = (int)Math.Clamp(Math.Round(values[channel] / (double)scale, MidpointRounding.ToEven), -BiasCodes, BiasCodes);
        }
        return codes;
    }

    private static IReadOnlyList<QuantizedWeight> QuantizeDynamic(DynamicNode node) =>
    [
        .. node.Weights.Select(weight =>
        {
            OnnxTensor tensor = node.Graph.InitializerOf(weight.Initializer)!;
            return Quantize(tensor, weight, new float[new WeightLayout(tensor, weight).ChannelCount]);
        }),
    ];

    /// <summary>A channel whose weights are tiny beside its bias would need more codes for the bias than 32 bits have.</summary>
    internal static float[] MinimumScales(OnnxGraph graph, PrecisionPlan precision, IEnumerable<PlannedNode> users, int channels)
    {
        var minimum = new float[channels];
        foreach (PlannedNode user in users)
        {
            if (user.Bias is null)
                continue;
            ReadOnlySpan<float> bias = graph.ConstantAnywhere(user.Bias.Initializer)!.Floats;
            double inputScale = InputScale(user, precision);
            for (int channel = 0; channel < bias.Length; channel++)
            {
                int index = channels == 1 ? 0 : channel;
                minimum[index] = Math.Max(minimum[index], (float)(Math.Abs(bias[channel]) / (inputScale * BiasCodes)));
            }
        }
        return minimum;
    }

    private static float InputScale(PlannedNode node, PrecisionPlan precision) =>
        precision.Activations[node.Node.Inputs[node.ActivationInputs[0]]].Scale;
}
