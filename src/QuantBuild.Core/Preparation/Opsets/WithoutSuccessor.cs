using QuantBuild.Onnx;

namespace QuantBuild.Preparation.Opsets;

/// <summary>An operator whose old form has no equal in the new opset.</summary>
internal sealed class WithoutSuccessor(string opType, int opset, string reason) : IOpsetConverter
{
    public string OpType => opType;

    public int Opset => opset;

    public string? Convert(OnnxNode node, ConversionContext context) => reason;
}
