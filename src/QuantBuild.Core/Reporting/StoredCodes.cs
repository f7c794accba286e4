using QuantBuild.Numerics;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Placement.LowBits;
using QuantBuild.Precision;
using QuantBuild.Reconstruction;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Rewriting;

namespace QuantBuild.Reporting;

/// <summary>A weight and the codes that it is stored as, whichever stage made them.</summary>
/// <param name="Type">Of a code.</param>
/// <param name="InFloat">True when the codes become floats before something is computed with them.</param>
/// <param name="Float">What it was.</param>
/// <param name="ScaleCount">How many scales there are.</param>
/// <param name="Values">Pairs of what it was and what its code stands for, of every nth weight.</param>
internal sealed record StoredCodes(
    string Name,
    string Type,
    int? Axis,
    bool InFloat,
    OnnxTensor Float,
    int ScaleCount,
    Func<IReadOnlyList<float>> Scales,
    Func<int, (float[] Before, float[] After)> Values)
{
    /// <summary>Of an integer kernel.</summary>
    public static StoredCodes Of(PlannedWeight weight, OnnxTensor tensor, QuantizedWeight codes) => new(
        weight.Initializer,
        codes.Packed is { } packed ? TypeOf(packed.Grid) : nameof(QuantizedType.Int8),
        weight.Axis,
        InFloat: false,
        tensor,
        codes.Scales.Length,
        () => codes.Scales,
        every => Pairs(tensor, codes, weight.Axis is { } axis && codes.Scales.Length > 1 ? ChannelLayout.Of([.. tensor.Shape], axis) : null, every));

    /// <summary>Computed with in float, in few bits.</summary>
    public static StoredCodes Of(string name, OnnxTensor tensor, LowBitWeight weight) => new(
        name,
        TypeOf(weight.Grid),
        AxisOf(weight.Matrix, tensor.Shape),
        InFloat: true,
        tensor,
        weight.Grid.Scales.Length,
        () => weight.Grid.Scales,
        every => Pairs(tensor, weight, every));

    /// <summary>Computed with in float, in 8 bits.</summary>
    public static StoredCodes Of(string name, OnnxTensor tensor, StoredConstant constant)
    {
        ChannelAxes axes = constant.Axes;
        return new StoredCodes(
            name,
            nameof(QuantizedType.Int8),
            axes.Count == 1 ? axes.First : null,
            InFloat: true,
            tensor,
            checked((int)axes.MergedShape(tensor.Shape)[axes.First]),
            () => constant.Quantize(tensor).Scales,
            every => Pairs(tensor, constant.Quantize(tensor), ChannelLayout.Of(axes.MergedShape(tensor.Shape), axes.First), every));
    }

    private static string TypeOf(LevelGrid grid) => $"{(grid.Codebooks is not null ? "Codebook" : grid.ZeroPoints is not null ? "UInt" : "Int")}{grid.Bits}";

    /// <summary>The axis that alone is what the matrix has as rows; null when there is no such axis.</summary>
    private static int? AxisOf(WeightMatrix matrix, IReadOnlyList<long> shape)
    {
        long outer = 1;
        for (int axis = 0; axis < shape.Count; outer *= shape[axis++])
            if (outer == matrix.Outer && shape[axis] == matrix.Channels)
                return axis;
        return null;
    }

    private static (float[] Before, float[] After) Pairs(OnnxTensor tensor, QuantizedWeight weight, ChannelLayout? layout, int every)
    {
        OnnxTensor held = tensor.InMemory();
        ReadOnlySpan<float> values = held.Floats;
        ReadOnlySpan<sbyte> codes = weight.Codes.Values<sbyte>();
        int count = (values.Length + every - 1) / every;
        (float[] before, float[] after) = (new float[count], new float[count]);
        for (int i = 0, k = 0; k < count; i += every, k++)
        {
            int channel = layout is { } lies ? i / lies.InnerSize % lies.ChannelCount : 0;
            (before[k], after[k]) = (values[i], codes[i] * weight.Scales[channel]);
        }
        return (before, after);
    }

    private static (float[] Before, float[] After) Pairs(OnnxTensor tensor, LowBitWeight weight, int every)
    {
        OnnxTensor held = tensor.InMemory();
        ReadOnlySpan<float> values = held.Floats;
        int count = (weight.Codes.Length + every - 1) / every;
        (float[] before, float[] after) = (new float[count], new float[count]);
        for (int i = 0, k = 0; k < count; i += every, k++)
        {
            (int channel, int column) = Math.DivRem(i, weight.Grid.Columns);
            (before[k], after[k]) = (values[weight.Matrix.PositionOf(channel, column)], weight.Grid.ValueOf(channel, column, weight.Codes[i]));
        }
        return (before, after);
    }
}
