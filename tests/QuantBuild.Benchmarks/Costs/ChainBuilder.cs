using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Benchmarks.Costs;

/// <summary>Writes chains of nodes, in float or between pairs of QuantizeLinear and DequantizeLinear.</summary>
internal sealed class ChainBuilder
{
    private const float ActivationScale = 1f / 64;
    private const float WeightScale = 1f / 256;

    private readonly ModelBuilder model = new(17);
    private int values;

    public ChainBuilder(bool integer, long[] shape)
    {
        IsInteger = integer;
        model.Input("x", string.Join(",", shape)).Output("y");
        Floats("s", ActivationScale).Zero("z", 128);
        Last = Pair("x");
    }

    /// <summary>How the next nodes compute.</summary>
    public bool IsInteger { get; set; }

    /// <summary>The value that the next node reads.</summary>
    public string Last { get; set; }

    /// <summary>Another quantized activation beside the chain.</summary>
    public string Beside(string value) => Pair(value);

    /// <summary>A constant operand with codes of at most ±63 and one scale per channel, or the floats that they stand for.</summary>
    /// <param name="axis">Of the output channels.</param>
    public string Weight(int axis, params long[] shape)
    {
        string name = Next();
        if (!IsInteger)
        {
            float span = 1f / MathF.Sqrt(shape.Skip(1).Aggregate(1L, (product, dimension) => product * dimension));
            model.Initializer(name, SeededValues.Tensor(name, -span, span, shape));
            return name;
        }
        OnnxTensor values = SeededValues.Tensor(name, -63, 63, shape);
        sbyte[] codes = [.. values.Floats.ToArray().Select(value => (sbyte)value)];
        model.Initializer(name, OnnxTensor.Create<sbyte>(OnnxElementType.Int8, shape, codes));
        string scales = Next();
        string zeros = Next();
        float[] scaleValues = new float[shape[axis]];
        Array.Fill(scaleValues, WeightScale);
        model.Initializer(scales, OnnxTensor.Float([shape[axis]], scaleValues));
        model.Initializer(zeros, OnnxTensor.Create<sbyte>(OnnxElementType.Int8, [shape[axis]], new sbyte[shape[axis]]));
        return Node("DequantizeLinear", [name, scales, zeros], ("axis", axis));
    }

    public string Bias(long channels)
    {
        string name = Next();
        if (!IsInteger)
        {
            model.Initializer(name, SeededValues.Tensor(name, -0.1f, 0.1f, channels));
            return name;
        }
        model.Initializer(name, OnnxTensor.Create<int>(OnnxElementType.Int32, [channels], new int[channels]));
        string scales = Next();
        float[] scaleValues = new float[channels];
        Array.Fill(scaleValues, ActivationScale * WeightScale);
        model.Initializer(scales, OnnxTensor.Float([channels], scaleValues));
        return Node("DequantizeLinear", [name, scales], ("axis", 0));
    }

    /// <summary>A node whose output ends in a pair when the chain is one of integers.</summary>
    public void Link(string opType, string[] inputs, params (string, object)[] attributes) =>
        Last = Pair(Node(opType, inputs, attributes));

    /// <summary>The pair around a value; the value itself in a float chain.</summary>
    public string Pair(string value) => IsInteger ? Node("DequantizeLinear", [Node("QuantizeLinear", [value, "s", "z"]), "s", "z"]) : value;

    /// <summary>Two halves along the channels.</summary>
    public string[] Split(string value)
    {
        string[] halves = [Next(), Next()];
        model.Node("Split", value, string.Join(' ', halves), ("axis", 1));
        return halves;
    }

    public string Node(string opType, string[] inputs, params (string, object)[] attributes)
    {
        string output = Next();
        model.Node(opType, string.Join(' ', inputs), output, attributes);
        return output;
    }

    public byte[] Build()
    {
        model.Node("Identity", Last, "y");
        return model.ToBytes();
    }

    private string Next() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"v{values++}");

    private ChainBuilder Floats(string name, float value)
    {
        model.Initializer(name, OnnxTensor.Scalar(value));
        return this;
    }

    private ChainBuilder Zero(string name, byte value)
    {
        model.Initializer(name, OnnxTensor.Create<byte>(OnnxElementType.UInt8, [], [value]));
        return this;
    }
}
