using QuantBuild.Onnx;
using QuantBuild.Placement.LowBits;
using QuantBuild.Settings;

namespace QuantBuild.Reconstruction.LowBits;

/// <summary>Rounds one weight to few bits.</summary>
/// <param name="method">How, where it is known what the layer reads.</param>
internal sealed class LowBitRounder(LowBitSettings settings, RoundingMethod method)
{
    /// <param name="grams">What the layer reads, by group; null: not known.</param>
    public LowBitWeight Round(LowBitTarget target, LayerGram[]? grams)
    {
        WeightMatrix matrix = target.Matrix;
        float[] rows = matrix.ToRows(target.Tensor.Floats);
        int groups = grams?.Length ?? 1;
        int channels = matrix.Channels / groups;
        var parts = new LowBitLayer[groups];
        for (int group = 0; group < groups; group++)
        {
            parts[group] = LowBitLayer.Uniform(
                rows[(group * channels * matrix.Columns)..((group + 1) * channels * matrix.Columns)], channels, target.Bits, target.BlockColumns, settings.HasZeroPoints);
            Round(parts[group], grams?[group]);
        }
        return Join(parts, matrix);
    }

    private void Round(LowBitLayer layer, LayerGram? gram)
    {
        switch (method)
        {
            case RoundingMethod.Nearest:
                GridSearch.Mse(layer);
                break;
            case RoundingMethod.Gptq when gram is not null:
                GridSearch.Weighted(layer, gram);
                LowBitGptq.Round(gram, layer, ColumnOrder.LargestFirst);
                break;
            case not RoundingMethod.Gptq when gram is not null:
                BestRounding.Round(gram, layer);
                break;
            default:
                GridSearch.Mse(layer);
                break;
        }
    }

    private static LowBitWeight Join(LowBitLayer[] parts, WeightMatrix matrix)
    {
        if (parts is [var whole])
            return whole.ToWeight(matrix);
        LevelGrid first = parts[0].Grid;
        var grid = new LevelGrid(first.Bits, matrix.Channels, matrix.Columns, first.BlockColumns)
        {
            Scales = [.. parts.SelectMany(part => part.Grid.Scales)],
            ZeroPoints = first.ZeroPoints is null ? null : [.. parts.SelectMany(part => part.Grid.ZeroPoints!)],
            Codebooks = first.Codebooks,
        };
        return new LowBitWeight(matrix, grid, [.. parts.SelectMany(part => part.Codes)]);
    }
}
