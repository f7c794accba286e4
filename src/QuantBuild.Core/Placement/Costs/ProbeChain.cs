using System.Globalization;
using QuantBuild.Onnx;

namespace QuantBuild.Placement.Costs;

/// <summary>Writes a chain of equal nodes, in float or between pairs of QuantizeLinear and DequantizeLinear.</summary>
internal sealed class ProbeChain
{
    private const int Opset = 17;
    private const float ActivationScale = 1f / 64;
    private const float WeightScale = 1f / 1024;
    private const int LargestCode = 63;

    private readonly OnnxModel model;
    private readonly GraphEditor editor;
    private readonly bool isInteger;
    private readonly string scale;
    private readonly string zeroPoint;
    private string last;
    private int values;

    private ProbeChain(bool isInteger, IReadOnlyList<long> shape)
    {
        this.isInteger = isInteger;
        model = OnnxModel.Empty(Opset, ProbedKernel.Input, shape, ProbedKernel.Output);
        editor = new GraphEditor(model.Graph);
        scale = editor.AddInitializer("s", OnnxTensor.Scalar(ActivationScale));
        zeroPoint = editor.AddInitializer("z", OnnxTensor.Create<byte>(OnnxElementType.UInt8, [], [128]));
        last = Paired(ProbedKernel.Input);
    }

    /// <param name="weight">Shape of the constant that each node reads; null: none.</param>
    /// <param name="axis">Of its output channels.</param>
    /// <param name="set">Sets the attributes of a node.</param>
    public static ModelImage Build(
        bool isInteger, int nodes, IReadOnlyList<long> shape, string opType, long[]? weight, int axis, Action<OnnxNode> set)
    {
        var chain = new ProbeChain(isInteger, shape);
        for (int i = 0; i < nodes; i++)
        {
            string[] inputs = weight is null ? [chain.last] : [chain.last, chain.Weight(weight, axis)];
            string output = chain.Next();
            set(chain.editor.AddNode(opType, inputs, [output]));
            chain.last = chain.Paired(output);
        }
        chain.editor.AddNode("Identity", [chain.last], [ProbedKernel.Output]);
        return chain.model.ToImage();
    }

    private string Paired(string value) => isInteger
        ? Given("DequantizeLinear", Given("QuantizeLinear", value, scale, zeroPoint), scale, zeroPoint)
        : value;

    private string Weight(long[] shape, int axis)
    {
        sbyte[] codes = new sbyte[shape.Aggregate(1L, (product, dimension) => product * dimension)];
        for (int i = 0; i < codes.Length; i++)
            codes[i] = (sbyte)(((i * 37L) % ((2 * LargestCode) + 1)) - LargestCode);
        if (!isInteger)
            return editor.AddInitializer("w", OnnxTensor.Float(shape, [.. codes.Select(code => code * WeightScale)]));
        float[] scales = new float[shape[axis]];
        Array.Fill(scales, WeightScale);
        string weight = editor.AddInitializer("w", OnnxTensor.Create<sbyte>(OnnxElementType.Int8, shape, codes));
        string weightScales = editor.AddInitializer("ws", OnnxTensor.Float([shape[axis]], scales));
        string weightZeros = editor.AddInitializer("wz", OnnxTensor.Create<sbyte>(OnnxElementType.Int8, [shape[axis]], new sbyte[shape[axis]]));
        string output = Next();
        editor.AddNode("DequantizeLinear", [weight, weightScales, weightZeros], [output]).SetInt("axis", axis);
        return output;
    }

    private string Given(string opType, params string[] inputs)
    {
        string output = Next();
        editor.AddNode(opType, inputs, [output]);
        return output;
    }

    private string Next() => string.Create(CultureInfo.InvariantCulture, $"v{values++}");
}
