using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Placement.Layers;
using QuantBuild.Precision;
using QuantBuild.Settings;

namespace QuantBuild.Sensitivity;

/// <summary>What the weights of a layer become in a form.</summary>
/// <param name="layer">One of the model.</param>
/// <param name="plan">One of its forms.</param>
/// <returns>By constant: the floats that are stored or that its codes stand for.</returns>
internal delegate IReadOnlyDictionary<ConstantKey, OnnxTensor> LayerRounding(WeightedLayer layer, LayerFormPlan plan);

/// <summary>A part of a float model in which one layer computes what it does in another form.</summary>
/// <param name="precision">Parameters of activations; null when no layer has integers.</param>
internal sealed class LayerTrial(WeightedLayer layer, PrecisionPlan? precision)
{
    /// <param name="cut">Holds all nodes of the layer.</param>
    /// <param name="weights">In the form.</param>
    /// <param name="shifts">By node: what is added to each channel of its first output.</param>
    public ModelImage Write(
        ModelCut cut, LayerForm form, IReadOnlyDictionary<ConstantKey, OnnxTensor> weights, IReadOnlyDictionary<OnnxNode, float[]> shifts)
    {
        CutCopy copy = cut.Copy();
        foreach ((ConstantKey key, OnnxTensor tensor) in weights)
            new GraphEditor(copy.Of(key.Graph), copy.Model.Graph).ReplaceInitializer(key.Name, tensor);
        foreach ((OnnxNode node, float[] shift) in shifts)
            Shift(copy, node, shift);
        if (form.Kernel == LayerKernel.Integer)
            foreach (PlannedNode planned in layer.Integers)
                Quantize(copy, planned);
        if (form.Kernel == LayerKernel.Dynamic)
            foreach (DynamicNode dynamic in layer.Dynamics)
                QuantizeAtEveryRun(copy, dynamic);
        return copy.Model.ToImage();
    }

    private static void Shift(CutCopy copy, OnnxNode original, float[] shift)
    {
        OnnxNode node = copy.Nodes[original];
        GraphEditor editor = EditorOf(copy, node);
        int rank = original.Is("Conv") ? editor.Graph.InitializerOf(node.Inputs[1])!.Rank : 2;
        long[] shape = original.Is("Conv") ? [1, shift.Length, .. Enumerable.Repeat(1L, rank - 2)] : [shift.Length];
        string before = Detach(editor, node, node.Outputs[0], out OnnxNode? next);
        editor.AddNode("Add", [before, editor.AddInitializer("shift", OnnxTensor.Float(shape, shift))], [original.Outputs[0]], next);
    }

    private void Quantize(CutCopy copy, PlannedNode planned)
    {
        OnnxNode node = copy.Nodes[planned.Node];
        GraphEditor editor = EditorOf(copy, node);
        foreach (string value in planned.ActivationInputs.Select(input => planned.Node.Inputs[input]).Distinct(StringComparer.Ordinal))
            editor.ReplaceInput(node, value, Rounded(editor, value, editor.UniqueName(value), node));
        if (!planned.QuantizesOutput)
            return;
        foreach (string output in planned.Outputs)
        {
            if (editor.Graph.ProducerOf(output) is not { } producer)
                continue; // the part ends before it
            string before = Detach(editor, producer, output, out OnnxNode? next);
            Rounded(editor, before, output, next, output);
        }
    }

    /// <summary>To the codes that the value has as an activation, and back.</summary>
    /// <remarks>Between QuantizeLinear and DequantizeLinear the runtime would round the weights itself.</remarks>
    private string Rounded(GraphEditor editor, string value, string result, OnnxNode? before, string? activation = null)
    {
        QuantizationParameters parameters = precision!.Activations[activation ?? value];
        int lowest = parameters.Type == QuantizedType.UInt8 ? byte.MinValue : sbyte.MinValue;
        string scale = editor.AddInitializer("scale", OnnxTensor.Scalar(parameters.Scale));
        string low = editor.AddInitializer("low", OnnxTensor.Scalar(lowest - parameters.ZeroPoint));
        string high = editor.AddInitializer("high", OnnxTensor.Scalar(lowest + byte.MaxValue - parameters.ZeroPoint));
        string[] steps = [editor.UniqueName("steps"), editor.UniqueName("whole"), editor.UniqueName("codes")];
        editor.AddNode("Div", [value, scale], [steps[0]], before);
        editor.AddNode("Round", [steps[0]], [steps[1]], before);
        editor.AddNode("Clip", [steps[1], low, high], [steps[2]], before);
        editor.AddNode("Mul", [steps[2], scale], [result], before);
        return result;
    }

    private static void QuantizeAtEveryRun(CutCopy copy, DynamicNode dynamic)
    {
        OnnxNode node = copy.Nodes[dynamic.Node];
        GraphEditor editor = EditorOf(copy, node);
        string value = node.Inputs[0];
        string[] quantized = [editor.UniqueName("codes"), editor.UniqueName("scale"), editor.UniqueName("zero")];
        string rounded = editor.UniqueName(value);
        editor.AddNode("DynamicQuantizeLinear", [value], quantized, node);
        editor.AddNode("DequantizeLinear", quantized, [rounded], node);
        editor.ReplaceInput(node, value, rounded);
    }

    /// <summary>Lets a node give a value under another name, so that something can be put between.</summary>
    private static string Detach(GraphEditor editor, OnnxNode node, string value, out OnnxNode? next)
    {
        string before = editor.UniqueName(value);
        editor.SetOutput(node, node.Outputs.ToList().IndexOf(value), before);
        int position = editor.Graph.PositionOf(node);
        next = position + 1 < editor.Graph.Nodes.Count ? editor.Graph.Nodes[position + 1] : null;
        return before;
    }

    private static GraphEditor EditorOf(CutCopy copy, OnnxNode node)
    {
        OnnxGraph graph = copy.Bodies.Values.FirstOrDefault(body => body.Nodes.Contains(node)) ?? copy.Model.Graph;
        return new GraphEditor(graph, copy.Model.Graph);
    }
}
