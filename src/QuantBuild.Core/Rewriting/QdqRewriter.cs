using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Precision;
using QuantBuild.Reconstruction;
using QuantBuild.Rewriting.LowBits;

namespace QuantBuild.Rewriting;

/// <summary>Writes the plan into the graph as QuantizeLinear/DequantizeLinear pairs in the places where the runtime turns them into integer kernels.</summary>
/// <remarks>
/// <code>
/// x ─ Conv(w, b) ─ Relu ─ y      →      x ─ Q ─ DQ ─ Conv(DQ(w8), DQ(b32)) ─ Q ─ DQ ─ y
/// </code>
/// The Relu is gone: the output's codes begin at zero. The bias has the scale input × weight, which is the scale of the kernel's accumulator.
/// </remarks>
internal sealed class QdqRewriter
{
    /// <summary>From here on a node that fills a constant is smaller than its codes.</summary>
    private const int ManyCodes = 256;

    private readonly PrecisionPlan precision;
    private readonly WeightCodes codes;
    private readonly OnnxGraph graph;
    private readonly GraphEditor editor;
    private readonly ConstantPool constants;
    private readonly PackedWeights packed;
    private readonly PlannedNodeMap nodes;
    private readonly Dictionary<string, string> valueNames;
    private readonly Dictionary<string, string> weightValues = new(StringComparer.Ordinal);

    /// <param name="graph">Of the clone: the main graph or a body in it.</param>
    private QdqRewriter(
        OnnxGraph graph,
        OnnxModel model,
        PrecisionPlan precision,
        WeightCodes codes,
        PlannedNodeMap nodes,
        Dictionary<string, string> valueNames,
        WeightFile? weights)
    {
        this.graph = graph;
        this.precision = precision;
        this.codes = codes;
        this.nodes = nodes;
        this.valueNames = valueNames;
        editor = new GraphEditor(graph, model.Graph);
        constants = new ConstantPool(editor, weights);
        packed = new PackedWeights(editor, constants, model.Opset);
    }

    /// <param name="storage">Of the constants that stay part of a computation in float.</param>
    /// <param name="lowBits">Those of them that are written in few bits.</param>
    /// <param name="weights">Takes large tensors; null: they become part of the message.</param>
    public static QuantizedModel Rewrite(
        OnnxModel prepared, PrecisionPlan precision, WeightCodes codes, StoragePlan storage, LowBitStorage lowBits, WeightFile? weights = null)
    {
        OnnxModel model = prepared.Clone();
        var nodes = new PlannedNodeMap(prepared.Graph, model.Graph);
        var valueNames = new Dictionary<string, string>(StringComparer.Ordinal);
        // Bodies first: what they still read from around them decides what may be removed there.
        foreach ((OnnxGraph original, OnnxGraph clone) in nodes.Graphs.Reverse())
        {
            clone.Reindex();
            new QdqRewriter(clone, model, precision, codes, nodes, valueNames, weights).Rewrite(original);
        }
        IReadOnlyList<PlannedNode> planned = precision.Placement.Nodes;
        foreach (string output in planned.SelectMany(node => node.Outputs))
            valueNames.TryAdd(output, output);

        IReadOnlyList<OnnxNode> dynamic = DynamicRewriter.Rewrite(model, nodes, precision.Placement.DynamicNodes, codes.Dynamic, weights);
        LowBitRewriter.Rewrite(prepared.Graph, model, nodes, lowBits, codes.LowBits.Biases, weights);
        StoredWeightRewriter.Rewrite(prepared.Graph, model.Graph, nodes, storage, weights);
        IReadOnlyList<OnnxNode> rewritten = [.. planned.Select(node => nodes.Of(node.Node))];
        IReadOnlyDictionary<string, string> shortNames = ModelCompactor.Compact(model, [.. rewritten, .. dynamic]);
        return new QuantizedModel(
            model.ToImage(weights),
            valueNames.ToDictionary(pair => pair.Key, pair => shortNames.GetValueOrDefault(pair.Value, pair.Value)),
            [.. rewritten.Select(node => node.Name)])
        {
            FloatNames = shortNames.Where(pair => !valueNames.ContainsKey(pair.Key)).ToDictionary(pair => pair.Key, pair => pair.Value),
            DynamicNames = [.. dynamic.Select(node => node.Name)],
            Storage = storage,
            LowBits = lowBits,
        };
    }

    /// <param name="original">The graph that this one was cloned from.</param>
    private void Rewrite(OnnxGraph original)
    {
        IReadOnlyList<PlannedNode> all = precision.Placement.Nodes;
        PlannedNode[] planned = [.. all.Where(node => nodes.GraphOf(node.Node) == original)];
        for (int i = 0; i < all.Count; i++)
        {
            if (nodes.GraphOf(all[i].Node) != original)
                continue;
            if (all[i].WrittenAs is { } sum)
                SaturatingAddition.Write(editor, constants, nodes.Of(all[i].Node), sum);
            if (all[i].Weight is { } weight)
                editor.SetInput(nodes.Of(all[i].Node), weight.InputIndex, WeightValue(all[i], weight));
            if (all[i].Bias is { } bias)
                editor.SetInput(nodes.Of(bias.Reader), bias.InputIndex, BiasValue(all[i], codes.Biases[i]));
            foreach (PlannedConstant constant in all[i].Constants)
                editor.SetInput(nodes.Of(all[i].Node), constant.InputIndex, ConstantValue(all[i], constant));
        }
        foreach (PlannedNode node in planned)
            foreach (OnnxNode activation in node.Absorbed.Where(absorbed => absorbed != node.Bias?.Reader))
                editor.TakeOver(nodes.Of(node.Bias?.Reader ?? node.Node), nodes.Of(activation));
        foreach (PlannedActivation activation in precision.Placement.Activations)
            if (activation.Body == (original.Outer is null ? null : original))
                QuantizeActivation(activation, planned);

        packed.Write();
        FloatNodeShield.Insert(editor);
        editor.RemoveDead();
        editor.SortTopologically();
    }

    /// <summary>Readers that want integers, or all of them when the value leaves its producer in integers, read the value through the pair.</summary>
    private void QuantizeActivation(PlannedActivation activation, PlannedNode[] planned)
    {
        QuantizationParameters parameters = precision.Activations[activation.Value];
        string value = activation.Value;
        OnnxNode[] readers = activation.Producer is null ? PlannedReaders(value, planned) : [.. graph.ConsumersOf(value)];
        bool isOutput = activation.Producer is not null && graph.IsOutput(value);
        string source = value;
        if (isOutput)
        {
            source = editor.UniqueName(value);
            OnnxNode producer = graph.ProducerOf(value)!;
            editor.SetOutput(producer, producer.Outputs.ToList().IndexOf(value), source);
        }

        string scale = constants.Scale(parameters.Scale);
        string zeroPoint = constants.ZeroPoint(parameters);
        string quantized = editor.UniqueName(value);
        string dequantized = isOutput ? value : editor.UniqueName(value);
        editor.AddNode("QuantizeLinear", [source, MadeWith(activation) is { } sum ? constants.Scale(parameters.Scale / sum.Slope) : scale,
            zeroPoint], [quantized]);
        editor.AddNode("DequantizeLinear", [quantized, scale, zeroPoint], [dequantized]);
        foreach (OnnxNode reader in readers)
            editor.ReplaceInput(reader, value, dequantized);
        if (graph.Outer is null || graph.IsOwn(value) || activation.Producer is not null)
            valueNames[value] = activation.Producer is null ? value : dequantized;
    }

    private SaturatingSum? MadeWith(PlannedActivation activation) =>
        activation.Producer is { } producer ? precision.Placement.Nodes[producer].WrittenAs : null;

    private OnnxNode[] PlannedReaders(string value, PlannedNode[] planned) =>
    [
        .. planned
            .Where(node => node.ActivationInputs.Any(input => node.Node.Inputs[input] == value))
            .Select(node => nodes.Of(node.Node)),
    ];

    /// <summary>One stored weight and one DequantizeLinear for all nodes that share it.</summary>
    private string WeightValue(PlannedNode node, PlannedWeight weight)
    {
        string key = $"{weight.Initializer}\0{weight.Axis}\0{weight.PairAxis}";
        if (weightValues.TryGetValue(key, out string? value))
            return value;

        QuantizedWeight quantized = codes.Weights[weight];
        string stored = quantized.Packed is { } fewer ? packed.AddInt8(fewer, quantized.Codes.Shape) : constants.Store(quantized.Codes);
        value = editor.UniqueName(weight.Initializer);
        string[] inputs = weight.Axis is null
            ? [stored, constants.Scale(quantized.Scales[0]), constants.ZerosOfOneWeight()]
            : [stored, constants.Scales(quantized.Scales), constants.ZerosOfOneWeight(quantized.Scales.Length)];
        OnnxNode dequantize = editor.AddNode("DequantizeLinear", inputs, [value], before: nodes.Of(node.Node));
        if (weight.Axis is { } axis)
            dequantize.SetInt("axis", axis);
        weightValues.Add(key, value);
        return value;
    }

    /// <summary>Each reader has a DequantizeLinear of its own: shared ones may keep the runtime from fusing.</summary>
    private string ConstantValue(PlannedNode node, PlannedConstant constant)
    {
        QuantizedConstant quantized = codes.Constants[constant.Value];
        string stored = quantized.Codes.Length >= ManyCodes && !quantized.Codes.AsSpan().ContainsAnyExcept(quantized.Codes[0])
            ? Filled(constant.Tensor.Shape, quantized.Codes[0], nodes.Of(node.Node))
            : constants.Store(OnnxTensor.Create<byte>(OnnxElementType.UInt8, [.. constant.Tensor.Shape], quantized.Codes));
        string value = editor.UniqueName(constant.Value);
        string[] inputs = [stored, constants.Scale(quantized.Parameters.Scale), constants.ZeroPoint(quantized.Parameters)];
        editor.AddNode("DequantizeLinear", inputs, [value], before: nodes.Of(node.Node));
        return value;
    }

    /// <summary>One code everywhere; the runtime fills the tensor once, when it loads the model.</summary>
    private string Filled(IReadOnlyList<long> shape, byte code, OnnxNode reader)
    {
        string value = editor.UniqueName("filled");
        editor.AddNode("ConstantOfShape", [constants.Store(OnnxTensor.Int64s([.. shape]))], [value], before: reader)
            .SetTensor("value", OnnxTensor.Create<byte>(OnnxElementType.UInt8, [1], [code]));
        return value;
    }

    private string BiasValue(PlannedNode node, int[] bias)
    {
        float inputScale = precision.Activations[node.Node.Inputs[node.ActivationInputs[0]]].Scale;
        float[] weightScales = codes.Weights[node.Weight!].Scales;
        string stored = constants.Store(OnnxTensor.Create<int>(OnnxElementType.Int32, [bias.Length], bias));
        string value = editor.UniqueName(node.Bias!.Initializer);
        OnnxNode reader = nodes.Of(node.Bias.Reader);
        float[] scales = [.. weightScales.Select(scale => inputScale * scale)];
        if (scales.Length == 1)
            editor.AddNode("DequantizeLinear", [stored, constants.Scale(scales[0])], [value], before: reader);
        else
            editor.AddNode("DequantizeLinear", [stored, constants.Scales(scales)], [value], before: reader).SetInt("axis", 0);
        return value;
    }
}
