using QuantBuild.Numerics;
using QuantBuild.Onnx;
using QuantBuild.Precision;

namespace QuantBuild.Reconstruction;

/// <summary>Rounds a constant that a kernel reads as it reads activations: unsigned codes from its smallest to its largest value.</summary>
internal static class ConstantQuantizer
{
    public static QuantizedConstant Quantize(OnnxTensor constant)
    {
        FloatRange range = MinMaxKernel.Scan(constant.Floats);
        QuantizationParameters parameters = QuantizationParameters.Asymmetric(range.Minimum, range.Maximum);
        var codes = new byte[constant.Length];
        QuantizeKernel.QuantizeToUInt8(constant.Floats, codes, parameters.Scale, parameters.ZeroPoint, CodeRange.UInt8);
        return new QuantizedConstant(codes, parameters);
    }
}
