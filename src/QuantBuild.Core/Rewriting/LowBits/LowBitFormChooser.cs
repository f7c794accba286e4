using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Placement.LowBits;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Settings;

namespace QuantBuild.Rewriting.LowBits;

/// <summary>Chooses in which form each weight in few bits is written.</summary>
/// <remarks>
/// Weights that are restored at load compute as fast as those of the float model, and take as much memory. So large ones stay packed where a
/// kernel multiplies by packed codes: on one thread it takes 0.9 to 1.1 times as long as the float product of many rows, and a fifth as long for a single row (measured: 768 x 768 to
/// 4096 x 4096). Small ones are restored, which needs less space for their scales.
/// </remarks>
internal static class LowBitFormChooser
{
    public static LowBitStorage Choose(LowBitCodes codes, QuantizationSettings settings) => new(
        codes.Weights.ToDictionary(weight => weight.Key, weight => new LowBitConstant(weight.Value, FormOf(weight.Key, weight.Value, settings))));

    private static LowBitForm FormOf(ConstantKey key, LowBitWeight weight, QuantizationSettings settings)
    {
        LevelGrid grid = weight.Grid;
        LowBitForms forms = LowBitForms.Of(key.Graph, key.Name, key.Graph.InitializerOf(key.Name)!.Shape, hasBlocks: false);
        var size = new LowBitSize(grid.Bits, weight.Matrix, grid.BlockColumns)
        {
            HasZeroPoints = grid.ZeroPoints is not null,
            Codebooks = grid.Codebooks?.Count ?? 0,
            HalfScales = Array.TrueForAll(grid.Scales, scale => (float)(Half)scale == scale),
        };
        return forms.Best(size, settings.Objective);
    }
}
