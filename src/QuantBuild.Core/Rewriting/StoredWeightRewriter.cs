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

    /// <param name="keptFloat">Initializers that are left alone; null: all are.</param>
    /// <param name="weights">Takes large tensors; null: they become part of the message.</param>
    public static QuantizedModel Rewrite(OnnxModel prepared, IReadOnlySet<string>? keptFloat, WeightFile? weights = null)
    {
        OnnxModel model = prepared.Clone();
        StoreWeights(model.Graph, model.Graph, keptFloat, weights);
        var values = model.Graph.Nodes.SelectMany(node => node.Outputs).Where(value => value.Length > 0).ToDictionary(value => value);
        IReadOnlyDictionary<string, string> shortNames = ModelCompactor.Compact(model, []);
        return new QuantizedModel(model.ToImage(weights), values.ToDictionary(pair => pair.Key, pair => shortNames.GetValueOrDefault(pair.Key, pair.Key)), []);
    }

    /// <summary>In this graph and in the bodies of its nodes: float weights that are left, where that makes the file smaller.</summary>
    /// <inheritdoc cref="Rewrite" path="/param"/>
    /// <param name="scope">The main graph: a body must not give a name that a graph around it has.</param>
    public static void StoreWeights(OnnxGraph graph, OnnxGraph scope, IReadOnlySet<string>? keptFloat, WeightFile? weights = null)
    {
        if (keptFloat is null)
            return;
        foreach (OnnxGraph body in graph.Nodes.SelectMany(node => node.Subgraphs))
            StoreWeights(body, scope, keptFloat);
        graph.Reindex();

        var editor = new GraphEditor(graph, scope);
        var constants = new ConstantPool(editor, weights);
        foreach (string name in graph.InitializerNames.ToArray())
            if (graph.InitializerTypeOf(name) == OnnxElementType.Float && !graph.IsOutput(name) && !keptFloat.Contains(name)
                && graph.InitializerOf(name) is { Rank: >= 2, Length: >= FewestElements, HasValuesThatAreNotFinite: false } weight
                && graph.ConsumersOf(name) is [var reader, ..] && ChannelAxis.Of(reader, name, weight) is { } axis)
                Store(editor, constants, name, weight, axis);
        editor.RemoveDead();
        editor.SortTopologically();
    }

    private static void Store(GraphEditor editor, ConstantPool constants, string name, OnnxTensor weight, int axis)
    {
        QuantizedWeight quantized = StoredWeight.Quantize(weight, axis);
        long[] scaleShape = [.. weight.Shape.Select((dimension, i) => i == axis ? dimension : 1)];
        string codes = constants.Store(quantized.Codes);
        string scales = constants.Store(OnnxTensor.Float(scaleShape, quantized.Scales));
        string floats = editor.UniqueName(name);
        string restored = editor.UniqueName(name);
        editor.ReplaceUses(name, restored);
        editor.AddNode("Cast", [codes], [floats]).SetInt("to", (long)OnnxElementType.Float);
        editor.AddNode("Mul", [floats, scales], [restored]);
    }
}
