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
    private readonly PrecisionPlan precision;
    private readonly WeightCodes codes;
    private readonly WeightFile? weights;
    private readonly OnnxModel model;
    private readonly GraphEditor editor;
    private readonly ConstantPool constants;
    private readonly PlannedNodeMap nodes;
    private readonly Dictionary<string, string> valueNames = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> weightValues = new(StringComparer.Ordinal);

    private QdqRewriter(OnnxModel prepared, PrecisionPlan precision, WeightCodes codes, WeightFile? weights)
    {
        this.weights = weights;
        this.precision = precision;
        this.codes = codes;
        model = prepared.Clone();
        editor = new GraphEditor(model.Graph);
        constants = new ConstantPool(editor, weights);
        nodes = new PlannedNodeMap(prepared.Graph, model.Graph);
    }

    /// <param name="keptFloat">Initializers that are not stored in 8 bits when they stay float; null: none is.</param>
    /// <param name="weights">Takes large tensors; null: they become part of the message.</param>
    public static QuantizedModel Rewrite(
        OnnxModel prepared, PrecisionPlan precision, WeightCodes codes, IReadOnlySet<string>? keptFloat, WeightFile? weights = null) =>
        new QdqRewriter(prepared, precision, codes, weights).Rewrite(keptFloat);

    private QuantizedModel Rewrite(IReadOnlySet<string>? keptFloat)
    {
        IReadOnlyList<PlannedNode> planned = precision.Placement.Nodes;
        for (int i = 0; i < planned.Count; i++)
        {
            if (planned[i].Weight is { } weight)
                editor.SetInput(nodes.Of(planned[i].Node), weight.InputIndex, WeightValue(planned[i], weight));
            if (planned[i].Bias is { } bias)
                editor.SetInput(nodes.Of(bias.Reader), bias.InputIndex, BiasValue(planned[i], codes.Biases[i]));
        }
        foreach (PlannedNode node in planned)
            foreach (OnnxNode activation in node.Absorbed.Where(absorbed => absorbed != node.Bias?.Reader))
                editor.TakeOver(nodes.Of(node.Bias?.Reader ?? node.Node), nodes.Of(activation));
        foreach (PlannedActivation activation in precision.Placement.Activations)
            QuantizeActivation(activation);

        foreach (PlannedNode node in planned)
            valueNames.TryAdd(node.Output, node.Output);

        editor.RemoveDead();
        editor.SortTopologically();
        StoredWeightRewriter.StoreWeights(model.Graph, model.Graph, keptFloat, weights);
        IReadOnlyList<OnnxNode> rewritten = [.. planned.Select(node => nodes.Of(node.Node))];
        IReadOnlyDictionary<string, string> shortNames = ModelCompactor.Compact(model, rewritten);
        return new QuantizedModel(
            model.ToImage(weights),
            valueNames.ToDictionary(pair => pair.Key, pair => shortNames.GetValueOrDefault(pair.Value, pair.Value)),
            [.. rewritten.Select(node => node.Name)]);
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
            editor.SetOutput(model.Graph.ProducerOf(value)!, 0, source);
        }

        string scale = constants.Scale(parameters.Scale);
        string zeroPoint = constants.ZeroPoint(parameters);
        string quantized = editor.UniqueName(value);
        string dequantized = isOutput ? value : editor.UniqueName(value);
        editor.AddNode("QuantizeLinear", [source, scale, zeroPoint], [quantized]);
        editor.AddNode("DequantizeLinear", [quantized, scale, zeroPoint], [dequantized]);
        foreach (OnnxNode reader in readers)
            editor.ReplaceInput(reader, value, dequantized);
        valueNames[value] = activation.Producer is null ? value : dequantized;
    }

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
        string stored = constants.Store(quantized.Codes);
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
