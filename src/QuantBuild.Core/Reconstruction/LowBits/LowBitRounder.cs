using QuantBuild.Onnx;
using QuantBuild.Placement.LowBits;
using QuantBuild.Reconstruction.Codebooks;
using QuantBuild.Settings;

namespace QuantBuild.Reconstruction.LowBits;

/// <summary>Rounds one weight to few bits.</summary>
/// <param name="method">How, where it is known what the layer reads.</param>
internal sealed class LowBitRounder(LowBitSettings settings, RoundingMethod method)
{
    /// <summary>With more, multiples would have products that can saturate.</summary>
    private const int MostBitsWithMultiples = 6;

    /// <summary>Of a large model: time counts for more than the last tenth of a decibel.</summary>
    public bool IsQuick { get; init; }

    /// <param name="grams">What the layer reads, by group; null: not known.</param>
    /// <param name="levels">Those of a codebook that is known; null: as the settings say.</param>
    public LowBitWeight Round(LowBitTarget target, LayerGram[]? grams, float[]? levels = null)
    {
        LowBitWeight weight = Round(target, grams, wholeNumbers: false, levels);
        return weight with { Grid = weight.Grid with { Scales = InHalves(weight.Grid.Scales) } };
    }

    /// <summary>Scales in 11 bits add 70 dB of noise, far below what few bits of codes do, and take half of the space.</summary>
    private static float[] InHalves(float[] scales)
    {
        const float SmallestNormal = 6.103515625e-5f;
        return Array.TrueForAll(scales, scale => Math.Abs(scale) is >= SmallestNormal and <= 65504) ? [.. scales.Select(scale => (float)(Half)scale)] : scales;
    }

    /// <summary>For a kernel of 8-bit integers: levels are whole numbers, and a channel has one scale.</summary>
    /// <param name="minimumScales">One per channel: no scale is made smaller.</param>
    public QuantizedWeight RoundToIntegers(LowBitTarget target, LayerGram[]? grams, float[] minimumScales)
    {
        bool hasMultiples = target.BlockColumns < target.Matrix.Columns && settings.Codebook == CodebookKind.None
            && target.Bits <= MostBitsWithMultiples && grams is not null && method != RoundingMethod.Nearest;
        return hasMultiples && WithMultiples(target, grams!, minimumScales) is { } weight
            ? weight
            : WithOneScale(target with { BlockColumns = target.Matrix.Columns }, grams, minimumScales);
    }

    /// <summary>Blocks have whole multiples of the channel's scale.</summary>
    /// <returns>Null when the scale of a channel would be too small.</returns>
    private static QuantizedWeight? WithMultiples(LowBitTarget target, LayerGram[] grams, float[] minimumScales)
    {
        WeightMatrix matrix = target.Matrix;
        float[] rows = matrix.ToRows(target.Tensor.Floats);
        int channels = matrix.Channels / grams.Length;
        var parts = new LowBitLayer[grams.Length];
        var scales = new List<float>();
        var multiples = new List<float>();
        var products = new List<sbyte>();
        for (int group = 0; group < grams.Length; group++)
        {
            LowBitLayer layer = LowBitLayer.Uniform(
                rows[(group * channels * matrix.Columns)..((group + 1) * channels * matrix.Columns)], channels, target.Bits, target.BlockColumns, isAsymmetric: false);
            TwoLevelScales found = Lpbq.Quantize(layer, grams[group]);
            LowBitGptq.Round(grams[group], layer, ColumnOrder.LargestFirst);
            GridDescent.Improve(grams[group], layer);
            Lpbq.Refit(grams[group], layer, found);
            parts[group] = layer;
            scales.AddRange(found.Channels);
            multiples.AddRange(found.Multiples.Select(multiple => (float)multiple));
            products.AddRange(found.Products(layer));
        }
        if (scales.Where((scale, channel) => !(scale >= minimumScales[channel])).Any())
            return null;
        LowBitWeight weight = Join(parts, matrix);
        OnnxTensor codes = OnnxTensor.Create<sbyte>(OnnxElementType.Int8, [.. target.Tensor.Shape], matrix.ToTensor<sbyte>([.. products]));
        return new QuantizedWeight(codes, [.. scales]) { Packed = weight with { Grid = weight.Grid with { Scales = [.. multiples] } } };
    }

    private QuantizedWeight WithOneScale(LowBitTarget target, LayerGram[]? grams, float[] minimumScales)
    {
        LowBitWeight weight = Round(target, grams, wholeNumbers: true, null);
        LevelGrid grid = weight.Grid;
        var rows = target.Matrix.ToRows(target.Tensor.Floats);
        var scales = new float[grid.Channels];
        var signs = new float[grid.Channels];
        var codes = new sbyte[rows.Length];
        for (int channel = 0, i = 0; channel < grid.Channels; channel++)
        {
            bool isTooSmall = Math.Abs(grid.Scales[channel]) < minimumScales[channel];
            if (isTooSmall)
                grid.Scales[channel] = minimumScales[channel];
            scales[channel] = Math.Abs(grid.Scales[channel]);
            signs[channel] = Math.Sign(grid.Scales[channel]);
            float[]? levels = grid.LevelsOf(channel);
            for (int column = 0; column < grid.Columns; column++, i++)
            {
                if (isTooSmall)
                    weight.Codes[i] = grid.Nearest(channel, column, rows[i]);
                float level = levels is null ? weight.Codes[i] - grid.SymmetricZero : levels[weight.Codes[i]];
                codes[i] = (sbyte)(signs[channel] * level);
            }
        }
        OnnxTensor stored = OnnxTensor.Create<sbyte>(OnnxElementType.Int8, [.. target.Tensor.Shape], target.Matrix.ToTensor<sbyte>(codes));
        return new QuantizedWeight(stored, scales) { Packed = weight with { Grid = grid with { Scales = signs } } };
    }

    private LowBitWeight Round(LowBitTarget target, LayerGram[]? grams, bool wholeNumbers, float[]? levels)
    {
        WeightMatrix matrix = target.Matrix;
        float[] rows = matrix.ToRows(target.Tensor.Floats);
        LevelGrid? codebooks = levels is null
            ? Codebooks(target, rows, grams, wholeNumbers)
            : CodebookGrid.Of(
                new WeightedRows(rows, matrix.Columns, Importance(matrix, grams)), new CodebookPlan(target.Bits, target.BlockColumns), levels);
        int groups = grams?.Length ?? 1;
        int channels = matrix.Channels / groups;
        var parts = new LowBitLayer[groups];
        for (int group = 0; group < groups; group++)
        {
            float[] ofGroup = rows[(group * channels * matrix.Columns)..((group + 1) * channels * matrix.Columns)];
            parts[group] = codebooks is null
                ? LowBitLayer.Uniform(ofGroup, channels, target.Bits, target.BlockColumns, settings.HasZeroPoints)
                : LowBitLayer.OfCodebooks(
                    ofGroup, channels, target.Bits, target.BlockColumns, codebooks.Codebooks!,
                    codebooks.CodebookOfChannel?[(group * channels)..((group + 1) * channels)]);
            Round(parts[group], grams?[group]);
        }
        // The levels of several groups would have to be found together.
        if (levels is null && settings.Codebook == CodebookKind.KMeans && method == RoundingMethod.CoordinateDescent && grams is [var gram])
            parts[0] = LevelRefit.Improve(gram, parts[0], keepZero: true, wholeNumbers);
        return Join(parts, matrix);
    }

    /// <returns>Null for evenly spaced levels.</returns>
    private LevelGrid? Codebooks(LowBitTarget target, float[] rows, LayerGram[]? grams, bool wholeNumbers)
    {
        var plan = new CodebookPlan(target.Bits, target.BlockColumns, WholeNumbers: wholeNumbers);
        return settings.Codebook switch
        {
            CodebookKind.None => null,
            CodebookKind.KMeans => CodebookGrid.Fit(new WeightedRows(rows, target.Matrix.Columns, Importance(target.Matrix, grams)), plan),
            CodebookKind.NormalFloat => Fixed(NormalFloatLevels.Of(target.Bits)),
            CodebookKind.PowersOfTwo => Fixed(PowersOfTwoLevels.Of(target.Bits)),
            _ => Fixed([.. settings.Levels]),
        };

        LevelGrid Fixed(float[] levels)
        {
            if (wholeNumbers)
                levels = [.. levels.Select(level => MathF.Round(level / levels.Max(Math.Abs) * KMeansCodebook.WholeLimit)).Distinct()];
            return CodebookGrid.Of(new WeightedRows(rows, target.Matrix.Columns), plan, levels);
        }
    }

    /// <returns>[channels, columns]; null: all the same.</returns>
    private static float[]? Importance(WeightMatrix matrix, LayerGram[]? grams)
    {
        if (grams is null)
            return null;
        var importance = new float[matrix.Length];
        int perGroup = matrix.Channels / grams.Length;
        for (int channel = 0; channel < matrix.Channels; channel++)
            grams[channel / perGroup].Diagonal.CopyTo(importance, channel * matrix.Columns);
        return importance;
    }

    private void Round(LowBitLayer layer, LayerGram? gram)
    {
        switch (method)
        {
            case RoundingMethod.Hqq:
                Hqq.Quantize(layer);
                break;
            case RoundingMethod.KQuant:
                KQuant.Quantize(layer, gram);
                break;
            case RoundingMethod.Nearest:
                GridSearch.Mse(layer);
                break;
            case var _ when gram is null:
                GridSearch.Mse(layer);
                break;
            case RoundingMethod.Gptq:
                GridSearch.Weighted(layer, gram);
                LowBitGptq.Round(gram, layer, ColumnOrder.LargestFirst);
                break;
            case RoundingMethod.AdaRound:
                GridSearch.Weighted(layer, gram);
                LowBitAdaRound.Round(gram, layer);
                break;
            case RoundingMethod.SequentialMse:
                SequentialMse.Quantize(gram, layer);
                break;
            case RoundingMethod.ScaleEstimation:
                GridSearch.MinMax(layer);
                ScaleEstimation.Improve(gram, layer);
                break;
            case RoundingMethod.Awq:
                GridSearch.MinMax(layer);
                Awq.Clip(gram, layer);
                break;
            default:
                BestRounding.Round(gram, layer, isQuick: IsQuick);
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
            CodebookOfChannel = first.CodebookOfChannel is null ? null : [.. parts.SelectMany(part => part.Grid.CodebookOfChannel!)],
        };
        return new LowBitWeight(matrix, grid, [.. parts.SelectMany(part => part.Codes)]);
    }
}
