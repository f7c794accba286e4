using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Precision;

namespace QuantBuild.Rewriting;

/// <summary>Writes a HardSigmoid as an addition that the runtime runs as QLinearAdd.</summary>
/// <remarks>
/// <code>
/// h = HardSigmoid(DQ(x8); α, β)      →      h = DQ(Q(Add(DQ(x8), DQ(c8)), s / α, 0), s, 0)      DQ(c8) = β / α
/// </code>
/// The codes of the sum begin at zero, which cuts below; they end at most at 1/α, which cuts above. The constant is the highest code of its
/// own scale: a float or a signed constant would keep the addition in floats.
/// </remarks>
internal static class SaturatingAddition
{
    public static void Write(GraphEditor editor, ConstantPool constants, OnnxNode node, SaturatingSum sum)
    {
        string shift = editor.UniqueName($"{node.Outputs[0]}_shift");
        string code = constants.Store(OnnxTensor.Create(OnnxElementType.UInt8, [], [byte.MaxValue]));
        string zeroPoint = constants.ZeroPoint(new QuantizationParameters(QuantizedType.UInt8, 1, 0));
        editor.AddNode("DequantizeLinear", [code, constants.Scale(sum.Shift / byte.MaxValue), zeroPoint], [shift], before: node);
        node.RemoveAttribute("alpha");
        node.RemoveAttribute("beta");
        editor.SetOperator(node, "Add");
        editor.SetInput(node, 1, shift);
    }
}
