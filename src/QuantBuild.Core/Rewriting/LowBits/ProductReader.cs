using QuantBuild.Onnx;

namespace QuantBuild.Rewriting.LowBits;

/// <summary>Makes a plain product by [in, out] of a MatMul or a Gemm.</summary>
internal static class ProductReader
{
    /// <summary>Gemm(x, w, b) → Add(Product(x), b); a MatMul is one already.</summary>
    public static void DetachBias(GraphEditor editor, OnnxNode node)
    {
        if (!node.Is("Gemm"))
            return;
        if (node.Input(2) is { } bias)
        {
            string output = node.Outputs[0];
            string product = editor.UniqueName(output);
            editor.SetOutput(node, 0, product);
            editor.AddNode("Add", [product, bias], [output]);
        }
        foreach (string attribute in node.AttributeNames.ToArray())
            node.RemoveAttribute(attribute);
    }
}
