using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Precision;
using QuantBuild.Reconstruction;

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
    private readonly OnnxModel model;
    private readonly GraphEditor editor;
    private readonly ConstantPool constants;
    private readonly PlannedNodeMap nodes;
    private readonly Dictionary<string, string> valueNames = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> weightValues = new(StringComparer.Ordinal);

    private QdqRewriter(OnnxModel prepared, PrecisionPlan precision, WeightCodes codes)
    {
        this.precision = precision;
        this.codes = codes;
        model = prepared.Clone();
        editor = new GraphEditor(model.Graph);
        constants = new ConstantPool(editor);
        nodes = new PlannedNodeMap(prepared.Graph, model.Graph);
    }

    /// <param name="storage">Of the constants that stay part of a computation in float.</param>
    public static QuantizedModel Rewrite(OnnxModel prepared, PrecisionPlan precision, WeightCodes codes, StoragePlan storage) =>
        new QdqRewriter(prepared, precision, codes).Rewrite(prepared.Graph, storage);

    private QuantizedModel Rewrite(OnnxGraph prepared, StoragePlan storage)
    {
        IReadOnlyList<PlannedNode> planned = precision.Placement.Nodes;
        for (int i = 0; i < planned.Count; i++)
        {
            if (planned[i].WrittenAs is { } sum)
                SaturatingAddition.Write(editor, constants, nodes.Of(planned[i].Node), sum);
            if (planned[i].Weight is { } weight)
                editor.SetInput(nodes.Of(planned[i].Node), weight.InputIndex, WeightValue(planned[i], weight));
            if (planned[i].Bias is { } bias)
                editor.SetInput(nodes.Of(bias.Reader), bias.InputIndex, BiasValue(planned[i], codes.Biases[i]));
            foreach (PlannedConstant constant in planned[i].Constants)
                editor.SetInput(nodes.Of(planned[i].Node), constant.InputIndex, ConstantValue(planned[i], constant));
        }
        foreach (PlannedNode node in planned)
            foreach (OnnxNode activation in node.Absorbed.Where(absorbed => absorbed != node.Bias?.Reader))
                editor.TakeOver(nodes.Of(node.Bias?.Reader ?? node.Node), nodes.Of(activation));
        foreach (PlannedActivation activation in precision.Placement.Activations)
            QuantizeActivation(activation);

        foreach (PlannedNode node in planned)
            valueNames.TryAdd(node.Output, node.Output);

        FloatNodeShield.Insert(editor);
        editor.RemoveDead();
        editor.SortTopologically();
        IReadOnlyList<OnnxNode> dynamic = DynamicRewriter.Rewrite(model, nodes, precision.Placement.DynamicNodes, codes.Dynamic);
        StoredWeightRewriter.Rewrite(prepared, model.Graph, nodes, storage);
        IReadOnlyList<OnnxNode> rewritten = [.. planned.Select(node => nodes.Of(node.Node))];
        IReadOnlyDictionary<string, string> shortNames = ModelCompactor.Compact(model, [.. rewritten, .. dynamic]);
        return new QuantizedModel(
            model.ToBytes(),
            valueNames.ToDictionary(pair => pair.Key, pair => shortNames.GetValueOrDefault(pair.Value, pair.Value)),
            [.. rewritten.Select(node => node.Name)])
        {
            DynamicNames = [.. dynamic.Select(node => node.Name)],
            Storage = storage,
        };
    }

    /// <summary>Readers that want integers, or all of them when the value leaves its producer in integers, read the value through the pair.</summary>
    private void QuantizeActivation(PlannedActivation activation)
    {
        QuantizationParameters parameters = precision.Activations[activation.Value];
        string value = activation.Value;
        OnnxNode[] readers = activation.Producer is null ? PlannedReaders(value) : [.. model.Graph.ConsumersOf(value)];
        bool isOutput = activation.Producer is not null && model.Graph.IsOutput(value);
        string source = value;
        if (isOutput)
        {
            source = editor.UniqueName(value);
            OnnxNode producer = model.Graph.ProducerOf(value)!;
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
        valueNames[value] = activation.Producer is null ? value : dequantized;
    }

    private SaturatingSum? MadeWith(PlannedActivation activation) =>
        activation.Producer is { } producer ? precision.Placement.Nodes[producer].WrittenAs : null;

    private OnnxNode[] PlannedReaders(string value) =>
    [
        .. precision.Placement.Nodes
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
        IReadOnlyList<long> shape = editor.Graph.InitializerOf(weight.Initializer)!.Shape;
        string stored = constants.Store(OnnxTensor.Create<sbyte>(OnnxElementType.Int8, [.. shape], quantized.Codes));
        value = editor.UniqueName(weight.Initializer);
        string[] inputs = weight.Axis is null
            ? [stored, constants.Scale(quantized.Scales[0]), constants.ZeroPoint(new QuantizationParameters(QuantizedType.Int8, 1, 0))]
            : [stored, constants.Scales(quantized.Scales), constants.Store(Zeros(quantized.Scales.Length))];
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

    private static OnnxTensor Zeros(int length) => OnnxTensor.Create<sbyte>(OnnxElementType.Int8, [length], new sbyte[length]);
}
