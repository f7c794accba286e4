using QuantBuild.Onnx;

namespace QuantBuild.Preparation.Opsets;

/// <summary>
/// <code>
/// 1, 11: Softmax(x; axis = 1)    x is seen as a matrix [∏ before axis, ∏ from axis on]; along its rows
/// 13:    Softmax(x; axis = −1)   along the one axis
/// </code>
/// LogSoftmax and Hardmax changed alike. Where the axis is the last, both mean the same; elsewhere
/// <code>
/// Softmax(x; axis)  →  Reshape(Softmax(Flatten(x; axis); −1), Shape(x))
/// </code>
/// </summary>
internal sealed class SoftmaxToSingleAxis(string opType) : IOpsetConverter
{
    public string OpType => opType;

    public int Opset => 13;

    public string? Convert(OnnxNode node, ConversionContext context)
    {
        string x = node.Inputs[0];
        long axis = node.GetInt("axis", 1);
        if (axis == -1 || context.Facts.RankOf(x) == axis + 1)
        {
            node.SetInt("axis", -1);
            return null;
        }

        GraphEditor editor = context.Editor;
        string shape = editor.UniqueName($"{node.DisplayName}_shape");
        string rows = editor.UniqueName($"{node.DisplayName}_rows");
        string normalized = editor.UniqueName($"{node.DisplayName}_normalized");
        editor.AddNode("Shape", [x], [shape], before: node);
        editor.AddNode("Flatten", [x], [rows], before: node).SetInt("axis", axis);
        editor.AddNode(opType, [rows], [normalized], before: node, name: node.Name).SetInt("axis", -1);
        editor.SetOperator(node, "Reshape");
        editor.SetInputs(node, normalized, shape);
        node.RemoveAttribute("axis");
        node.Name = "";
        return null;
    }
}
