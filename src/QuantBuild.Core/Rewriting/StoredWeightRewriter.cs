using QuantBuild.Onnx;
using QuantBuild.Reconstruction;

namespace QuantBuild.Rewriting;

/// <summary>Stores float weights as 8-bit codes that the runtime turns back into floats once, when it loads the model. Everything computes in float.</summary>
/// <remarks>
/// <code>
/// Op(x, w)      →      Op(x, Mul(Cast(w8), scales))
/// </code>
/// Both nodes read constants only, so that every runtime folds them; no operator set, no option and no execution provider is needed.
/// </remarks>
internal static class StoredWeightRewriter
{
    /// <summary>Below this a weight is smaller than the nodes and scales that would replace it.</summary>
    private const int FewestElements = 512;

    public static QuantizedModel Rewrite(OnnxModel prepared)
    {
        OnnxModel model = prepared.Clone();
        StoreWeights(model.Graph);
        var values = model.Graph.Nodes.SelectMany(node => node.Outputs).Where(value => value.Length > 0).ToDictionary(value => value);
        IReadOnlyDictionary<string, string> shortNames = ModelCompactor.Compact(model, []);
        return new QuantizedModel(model.ToBytes(), values.ToDictionary(pair => pair.Key, pair => shortNames.GetValueOrDefault(pair.Key, pair.Key)), []);
    }

    /// <summary>In this graph and in the bodies of its nodes.</summary>
    public static void StoreWeights(OnnxGraph graph)
    {
        foreach (OnnxGraph body in graph.Nodes.SelectMany(node => node.Subgraphs))
            StoreWeights(body);
        graph.Reindex();

        var editor = new GraphEditor(graph);
        var constants = new ConstantPool(editor);
        foreach (string name in graph.InitializerNames.ToArray())
            if (graph.InitializerTypeOf(name) == OnnxElementType.Float && graph.InitializerOf(name) is { Rank: >= 2, Length: >= FewestElements } weight
                && !graph.IsOutput(name) && graph.ConsumersOf(name) is [var first, ..])
                Store(editor, constants, name, weight, ChannelAxis.Of(first, name, weight));
        editor.RemoveDead();
    }

    private static void Store(GraphEditor editor, ConstantPool constants, string name, OnnxTensor weight, int axis)
    {
        OnnxNode first = editor.Graph.Nodes.First(node => editor.Graph.ConsumersOf(name).Contains(node));
        QuantizedWeight quantized = StoredWeight.Quantize(weight, axis);
        long[] scaleShape = [.. weight.Shape.Select((dimension, i) => i == axis ? dimension : 1)];
        string codes = constants.Store(OnnxTensor.Create<sbyte>(OnnxElementType.Int8, [.. weight.Shape], quantized.Codes));
        string scales = constants.Store(OnnxTensor.Float(scaleShape, quantized.Scales));
        string floats = editor.UniqueName(name);
        string restored = editor.UniqueName(name);
        editor.ReplaceUses(name, restored);
        editor.AddNode("Cast", [codes], [floats], before: first).SetInt("to", (long)OnnxElementType.Float);
        editor.AddNode("Mul", [floats, scales], [restored], before: first);
    }
}
