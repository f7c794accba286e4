using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Placement.Costs;
using QuantBuild.Placement.LowBits;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Settings;

namespace QuantBuild.Rewriting.LowBits;

/// <summary>Chooses in which form each weight in few bits is written, and how exactly nodes compute with it.</summary>
/// <remarks>
/// Weights that are restored at load compute as fast as those of the float model, and take as much memory. Packed ones are faster where few
/// rows are multiplied, and slower where they are small or have 2 or 8 bits and activations stay floats: the table of costs says by how much,
/// for the rows that the samples showed. Where these are not known, large weights stay packed.
/// </remarks>
internal sealed class LowBitFormChooser(OnnxModel prepared, TensorFacts facts, QuantizationSettings settings)
{
    /// <summary>Activations are rounded to 8 bits, block by block.</summary>
    public const int IntegerLevel = 4;

    /// <summary>Activations are floats.</summary>
    public const int FloatLevel = 1;

    /// <summary>Part of the time that rounding activations has to save to be worth what it costs: 3 dB of weights with 8 bits, 0.1 dB of those
    /// with 4.</summary>
    private const double LeastGain = 0.15;

    /// <summary>What is larger by this is as small, when it is faster.</summary>
    private const double SmallDifference = 1.0 / 32;

    /// <summary>From here, 1 MiB of floats, a product of unknown rows stays packed.</summary>
    private const int FewestElementsPacked = 1 << 18;

    private readonly PackedProductCosts costs = new(CostTable.Of(settings), facts);

    public LowBitStorage Choose(LowBitCodes codes) =>
        new(codes.Weights.ToDictionary(weight => weight.Key, weight => Choose(weight.Key, weight.Value)));

    private LowBitConstant Choose(ConstantKey key, LowBitWeight weight)
    {
        LevelGrid grid = weight.Grid;
        LowBitForms forms = LowBitForms.Of(
            key.Graph, key.Name, key.Graph.InitializerOf(key.Name)!.Shape, hasBlocks: prepared.Opset >= LowBitForms.OpsetOfBlocks);
        bool isCodebook = grid.Codebooks is not null;
        LowBitForm[] able = [.. forms.Possible.Where(form => LowBitForms.CanHold(form, grid.Bits, grid.Columns, grid.BlockColumns, isCodebook))];
        LowBitSize size = SizeOf(weight);
        if (able.Contains(LowBitForm.MatMulNBits))
            return Product(key, weight, size, able.Contains(LowBitForm.BlockedDequantize));
        return new LowBitConstant(weight, forms.IsLargeTable ? able[0] : able.MinBy(size.BytesOf));
    }

    private LowBitConstant Product(ConstantKey key, LowBitWeight weight, LowBitSize size, bool canDequantize)
    {
        var restored = new LowBitConstant(weight, LowBitForm.Folded);
        var packed = new LowBitConstant(weight, LowBitForm.MatMulNBits);
        if (settings.Objective != QuantizationObjective.Latency)
        {
            long packedBytes = size.BytesOf(LowBitForm.MatMulNBits);
            long restoredBytes = size.BytesOf(LowBitForm.Folded);
            if (packedBytes > restoredBytes * (1 + SmallDifference))
                return restored;
            if (restoredBytes > packedBytes * (1 + SmallDifference))
                return Packed(TimeOf(FloatLevel) ?? 0, TimeOf(IntegerLevel) ?? 0);
        }
        if (TimeOf(FloatLevel) is not { } asFloats || TimeOf(IntegerLevel) is not { } asIntegers)
            return weight.Matrix.Length >= FewestElementsPacked ? Packed(0, 0) : restored;
        return Math.Min(asFloats, asIntegers / (1 - LeastGain)) <= 1 ? Packed(asFloats, asIntegers) : restored;

        double? TimeOf(int level) => costs.Relative(
            key.Graph.ConsumersOf(key.Name),
            weight.Grid.Columns,
            weight.Grid.Channels,
            (packed with { AccuracyLevel = level }).Product!.Value);

        LowBitConstant Packed(double asFloats, double asIntegers)
        {
            if (asIntegers > asFloats * (1 - LeastGain))
                return packed with { AccuracyLevel = FloatLevel };
            return canDequantize ? packed with { Form = LowBitForm.BlockedDequantize } : packed;
        }
    }

    private static LowBitSize SizeOf(LowBitWeight weight) => new(weight.Grid.Bits, weight.Matrix, weight.Grid.BlockColumns)
    {
        HasZeroPoints = weight.Grid.ZeroPoints is not null,
        Codebooks = weight.Grid.Codebooks?.Count ?? 0,
        HalfScales = Array.TrueForAll(weight.Grid.Scales, scale => (float)(Half)scale == scale),
    };
}
