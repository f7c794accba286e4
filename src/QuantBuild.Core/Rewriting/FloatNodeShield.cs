using QuantBuild.Onnx;
using QuantBuild.Placement;

namespace QuantBuild.Rewriting;

/// <summary>Keeps products with float weights, and Softmax, in float where they stand between integers.</summary>
/// <remarks>
/// The runtime rounds the float weights of a Conv, ConvTranspose or Gemm between DequantizeLinear and QuantizeLinear to 8 bits by itself,
/// with one scale for the whole tensor and without regard to saturation. Its integer Softmax gives zero where an axis of n is left with a
/// range below 1.72 / n, an axis of one with any: a product of floats overflows. Operators in between that move data change nothing: the
/// runtime takes the conversions past them. A node that is not removed prevents it:
/// <code>
/// DQ ─ Conv(w) ─ Q          →  DQ ─ Conv(w) ─ LeakyRelu(α=1) ─ Q
/// DQ ─ Conv(w) ─ Relu ─ Q   →  DQ ─ Conv(w) ─ LeakyRelu(α=0) ─ Q
/// DQ ─ Conv(w) ─ Clip ─ Q   →  DQ ─ Conv(w) ─ Clip ─ LeakyRelu(α=1) ─ Q
/// DQ ─ Softmax ─ Q          →  DQ ─ Softmax ─ LeakyRelu(α=1) ─ Q
/// </code>
/// Exact: with α = 1 the values pass as they are, with α = 0 it is a Relu. Behind a Conv or Gemm the runtime computes it with the product.
/// </remarks>
internal static class FloatNodeShield
{
    public static void Insert(GraphEditor editor)
    {
        foreach (OnnxNode node in editor.Graph.Nodes.Where(node => IsInDanger(node, editor.Graph)).ToArray())
            Protect(node, editor);
    }

    /// <summary>Reads what was quantized, and no weights that were.</summary>
    private static bool IsInDanger(OnnxNode node, OnnxGraph graph) => node switch
    {
        { Domain: "", OpType: "Softmax" } => IsDequantized(node.Inputs[0], graph),
        { Domain: "", OpType: "Conv" or "ConvTranspose" or "Gemm" or "MatMul" } =>
            IsDequantized(node.Inputs[0], graph) && graph.ProducerOf(node.Inputs[1]) is not { OpType: "DequantizeLinear" },
        _ => false,
    };

    private static bool IsDequantized(string value, OnnxGraph graph)
    {
        OnnxNode? producer = graph.ProducerOf(value);
        while (producer is not null && DataMovementRule.Moves(producer))
            producer = graph.ProducerOf(producer.Inputs[0]);
        return producer is { OpType: "DequantizeLinear" };
    }

    private static void Protect(OnnxNode node, GraphEditor editor)
    {
        OnnxNode last = node;
        while (Only(last, editor.Graph) is { } next
            && (next.Is("Relu") || next.Is("Clip") || DataMovementRule.Moves(next) || (next.Is("Add") && last.Is("MatMul"))))
            last = next;
        if (Only(last, editor.Graph) is not { OpType: "QuantizeLinear" } quantize)
            return;
        string value = quantize.Inputs[0];
        if (last.Is("Relu"))
        {
            editor.SetInput(quantize, 0, Passing(editor, last.Inputs[0], slope: 0, before: quantize));
            editor.RemoveNode(last);
        }
        else
        {
            editor.SetInput(quantize, 0, Passing(editor, value, slope: 1, before: quantize));
        }
    }

    private static string Passing(GraphEditor editor, string value, float slope, OnnxNode before)
    {
        string output = editor.UniqueName(value);
        editor.AddNode("LeakyRelu", [value], [output], before).SetFloat("alpha", slope);
        return output;
    }

    private static OnnxNode? Only(OnnxNode node, OnnxGraph graph) =>
        !graph.IsOutput(node.Outputs[0]) && graph.ConsumersOf(node.Outputs[0]) is [var reader] ? reader : null;
}
