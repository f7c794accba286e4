using QuantBuild.Calibration;
using QuantBuild.Numerics;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Placement.Layers;
using QuantBuild.Placement.LowBits;
using QuantBuild.Precision;
using QuantBuild.Reconstruction;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Rewriting;
using QuantBuild.Settings;

namespace QuantBuild;

/// <summary>Rounds the weights of single layers to every form, quickly: what ships is rounded with more effort.</summary>
/// <param name="graph">Of the float model.</param>
/// <param name="table">Null when there are no calibration data.</param>
/// <param name="precision">Of everything that can run in integers; null when there are no calibration data.</param>
internal sealed class LayerWeightsByForm(OnnxGraph graph, CalibrationTable? table, PrecisionPlan? precision, LowBitSettings settings)
{
    /// <summary>Products of longer rows take too long to compensate errors with.</summary>
    private const int MostColumns = 512;

    private WeightedLayer? last;
    private Dictionary<ConstantKey, LayerGram[]?> grams = [];

    /// <returns>By constant: the floats that are stored or that codes stand for.</returns>
    public IReadOnlyDictionary<ConstantKey, OnnxTensor> Of(WeightedLayer layer, LayerFormPlan plan)
    {
        if (!ReferenceEquals(layer, last))
            (last, grams) = (layer, []);
        return plan.Form.Kernel switch
        {
            LayerKernel.Integer => Integers(layer, plan),
            LayerKernel.Dynamic => Dynamics(layer),
            _ => layer.Weights.Select((weight, i) => (weight.Key, Tensor: Float(weight, plan, i))).ToDictionary(pair => pair.Key, pair => pair.Tensor),
        };
    }

    private OnnxTensor Float(LayerWeight weight, LayerFormPlan plan, int index)
    {
        OnnxTensor tensor = weight.Tensor.InMemory();
        switch (plan.Form.Bits)
        {
            case 32:
                return tensor;
            case 16:
                return OnnxTensor.Float([.. tensor.Shape], Array.ConvertAll(tensor.Floats.ToArray(), value => (float)(Half)value));
            case 8:
                QuantizedWeight stored = StoredWeight.Quantize(tensor, weight.Axes!.Value);
                ChannelAxes axes = weight.Axes.Value;
                return Floats(stored, ChannelLayout.Of(axes.MergedShape(tensor.Shape), axes.First));
            default:
                LowBitTarget target = plan.Targets[index];
                LayerGram[]? read = GramsOf(target);
                return OnnxTensor.Float([.. tensor.Shape], RounderOf(target, read).Round(target, read).ToTensor());
        }
    }

    private Dictionary<ConstantKey, OnnxTensor> Integers(WeightedLayer layer, LayerFormPlan plan)
    {
        var rounded = new Dictionary<ConstantKey, OnnxTensor>();
        PrecisionPlan alone = precision! with { Placement = precision.Placement with { Nodes = [.. layer.Integers], DynamicNodes = [], LowBits = LowBitPlan.Nothing } };
        WeightCodes? codes = plan.Targets.Count == 0 ? WeightQuantizer.Quantize(graph, alone, settings) : null;
        foreach (LayerWeight weight in layer.Weights)
        {
            PlannedNode node = layer.Integers.First(node => node.Node.Inputs.Contains(weight.Key.Name));
            OnnxTensor tensor = weight.Tensor.InMemory();
            if (node.Weight is not { } planned)
            {
                QuantizedConstant constant = codes!.Constants[weight.Key.Name];
                var floats = new float[tensor.Length];
                for (int i = 0; i < floats.Length; i++)
                    floats[i] = (constant.Codes[i] - constant.Parameters.ZeroPoint) * constant.Parameters.Scale;
                rounded.Add(weight.Key, OnnxTensor.Float([.. tensor.Shape], floats));
                continue;
            }
            QuantizedWeight quantized = codes is null ? FewBits(plan.Targets.First(target => target.Key == weight.Key), node, alone) : codes.Weights[planned];
            rounded.Add(weight.Key, Floats(quantized, LayoutOf(tensor, planned, quantized.Scales.Length)));
        }
        return rounded;
    }

    private QuantizedWeight FewBits(LowBitTarget target, PlannedNode node, PrecisionPlan alone)
    {
        LayerGram[]? read = GramsOf(target);
        return RounderOf(target, read).RoundToIntegers(target, read, WeightQuantizer.MinimumScales(graph, alone, [node], target.Matrix.Channels));
    }

    private Dictionary<ConstantKey, OnnxTensor> Dynamics(WeightedLayer layer)
    {
        var rounded = new Dictionary<ConstantKey, OnnxTensor>();
        foreach (DynamicNode node in layer.Dynamics)
            foreach (PlannedWeight weight in node.Weights)
            {
                OnnxGraph owner = node.Graph.OwnerOf(weight.Initializer)!;
                OnnxTensor tensor = owner.InitializerOf(weight.Initializer)!.InMemory();
                QuantizedWeight quantized = WeightQuantizer.Quantize(tensor, weight, new float[new WeightLayout(tensor, weight).ChannelCount]);
                rounded[new ConstantKey(owner, weight.Initializer)] = Floats(quantized, LayoutOf(tensor, weight, quantized.Scales.Length));
            }
        return rounded;
    }

    private LowBitRounder RounderOf(LowBitTarget target, LayerGram[]? read) => new(
        settings with { Bits = target.Bits },
        read is null ? RoundingMethod.Nearest : target.Matrix.Columns > MostColumns ? RoundingMethod.KQuant : RoundingMethod.Gptq);

    private LayerGram[]? GramsOf(LowBitTarget target)
    {
        if (grams.TryGetValue(target.Key, out LayerGram[]? found))
            return found;
        if (target.Reader is { } node && target.Key.Graph == graph && precision?.Activations.GetValueOrDefault(node.Node.Inputs[node.ActivationInputs[0]]) is { } input)
        {
            // Rows are kept as the integer kernel reads them.
            bool channelsLast = node.Node.Is("Conv");
            PlannedNode read = channelsLast ? node with { Weight = node.Weight! with { PairAxis = ReductionOrder.ConvolutionChannelsLast } } : node;
            if (table?.RowsOf(read, graph) is { Count: > 0 } rows && rows.Columns == target.Matrix.Columns)
            {
                found = LayerGram.Of(rows, input, centered: node.Bias is not null, share: 0);
                if (channelsLast)
                    found = [.. found.Select(gram => gram.InOrder(OrderOfTensor(target)))];
            }
        }
        grams.Add(target.Key, found);
        return found;
    }

    /// <summary>For every weight of a channel its place among them with the input channels innermost.</summary>
    private static int[] OrderOfTensor(LowBitTarget target)
    {
        int channels = (int)target.Tensor.Shape[1];
        int positions = target.Matrix.Columns / channels;
        return [.. Enumerable.Range(0, target.Matrix.Columns).Select(i => (i % positions * channels) + (i / positions))];
    }

    private static ChannelLayout LayoutOf(OnnxTensor tensor, PlannedWeight weight, int scales)
    {
        ChannelAxes axes = weight.PairAxis == ReductionOrder.RecurrentRows ? new ChannelAxes(0, 2) : new ChannelAxes(weight.Axis ?? 0);
        return scales == 1 ? ChannelLayout.Of([1, tensor.Length], 0) : ChannelLayout.Of(axes.MergedShape(tensor.Shape), axes.First);
    }

    private static OnnxTensor Floats(QuantizedWeight weight, ChannelLayout layout)
    {
        ReadOnlySpan<sbyte> codes = weight.Codes.Values<sbyte>();
        var floats = new float[codes.Length];
        for (int block = 0, i = 0; block < layout.BlockCount; block++)
            for (int end = i + layout.InnerSize; i < end; i++)
                floats[i] = codes[i] * weight.Scales[block % layout.ChannelCount];
        return OnnxTensor.Float([.. weight.Codes.Shape], floats);
    }
}
