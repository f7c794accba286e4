using QuantBuild.Placement;
using QuantBuild.Placement.LowBits;
using QuantBuild.Reconstruction.LowBits;

namespace QuantBuild.Reconstruction.Codebooks;

/// <summary>What weights in few bits may have together, so that it is stored once.</summary>
/// <param name="Weights">By constant: codes of another one that is nearly a multiple of it, with the scales for them.</param>
/// <param name="Levels">By constant: levels that are those of other constants too.</param>
internal sealed record SharedWeights(IReadOnlyDictionary<ConstantKey, LowBitWeight> Weights, IReadOnlyDictionary<ConstantKey, float[]> Levels)
{
    /// <summary>Of the squares of a weight: far less than few bits leave.</summary>
    private const double MostDifference = 1e-3;

    /// <summary>By which part the error of all weights may grow when they share levels.</summary>
    private const double MostGrowth = 0.02;

    /// <summary>Fewer are not worth another error.</summary>
    private const int FewestBytes = 128;

    public static SharedWeights Nothing { get; } = new(new Dictionary<ConstantKey, LowBitWeight>(), new Dictionary<ConstantKey, float[]>());

    public bool Any => Weights.Count + Levels.Count > 0;

    public bool Concerns(LowBitTarget target) => Weights.ContainsKey(target.Key) || Levels.ContainsKey(target.Key);

    /// <param name="targets">In the order of the graphs.</param>
    /// <param name="codes">Of all of them.</param>
    /// <param name="levelsAreFitted">True when every weight has levels that were found for it.</param>
    public static SharedWeights Find(IReadOnlyList<LowBitTarget> targets, LowBitCodes codes, bool levelsAreFitted)
    {
        Dictionary<ConstantKey, LowBitWeight> weights = Similar(targets, codes);
        LowBitTarget[] others = [.. targets.Where(target => !weights.ContainsKey(target.Key))];
        Dictionary<ConstantKey, float[]> levels = levelsAreFitted ? SharedLevels(others, codes) : [];
        // A weight that others are copies of keeps the levels that they have.
        foreach (ConstantKey key in levels.Keys.Where(key => weights.Values.Any(copy => copy.Codes == codes.Weights[key].Codes)).ToArray())
            levels.Remove(key);
        return new SharedWeights(weights, levels);
    }

    private static Dictionary<ConstantKey, LowBitWeight> Similar(IReadOnlyList<LowBitTarget> targets, LowBitCodes codes)
    {
        var found = new Dictionary<ConstantKey, LowBitWeight>();
        foreach (IGrouping<(WeightMatrix, int, int), LowBitTarget> alike in targets.GroupBy(target => (target.Matrix, target.Bits, target.BlockColumns)))
        {
            LowBitTarget[] group = [.. alike];
            if (group.Length == 1)
                continue;
            foreach (SimilarGroup similar in SimilarTensors.Find([.. group.Select(target => target.Tensor.Floats.ToArray())], MostDifference))
                foreach (SimilarTensor other in similar.Others)
                    found.Add(group[other.Index].Key, Multiplied(codes.Weights[group[similar.First].Key], other.Factor));
        }
        return found;
    }

    private static LowBitWeight Multiplied(LowBitWeight weight, float factor) =>
        factor == 1 ? weight : weight with { Grid = weight.Grid with { Scales = [.. weight.Grid.Scales.Select(scale => scale * factor)] } };

    private static Dictionary<ConstantKey, float[]> SharedLevels(LowBitTarget[] targets, LowBitCodes codes)
    {
        var found = new Dictionary<ConstantKey, float[]>();
        foreach (IGrouping<int, LowBitTarget> alike in targets.Where(target => codes.Weights[target.Key].Grid.Codebooks is [_]).GroupBy(target => target.Bits))
        {
            LowBitTarget[] group = [.. alike];
            WeightedPoints[] points = [.. group.Select(target => Points(target, codes.Weights[target.Key].Grid))];
            IReadOnlyList<SharedCodebook> shared =
                CodebookSharing.Share(points, 1 << alike.Key, keepZero: true, wholeNumbers: false, MostGrowth, FewestBytes);
            foreach (SharedCodebook codebook in shared.Where(codebook => codebook.Layers.Count > 1))
                foreach (int layer in codebook.Layers)
                    found.Add(group[layer].Key, codebook.Levels);
        }
        return found;
    }

    /// <summary>In units in which the largest level is 1; all errors of a tensor count as parts of its squares.</summary>
    private static WeightedPoints Points(LowBitTarget target, LevelGrid grid)
    {
        float[] rows = target.Matrix.ToRows(target.Tensor.Floats);
        float largest = grid.Codebooks![0].Max(Math.Abs);
        double squares = rows.Sum(value => (double)value * value);
        var values = new float[rows.Length];
        var weights = new double[rows.Length];
        for (int channel = 0, i = 0; channel < grid.Channels; channel++)
            for (int column = 0; column < grid.Columns; column++, i++)
            {
                double unit = (double)grid.Scales[grid.BlockOf(channel, column)] * largest;
                values[i] = (float)(rows[i] / unit);
                weights[i] = squares > 0 ? unit * unit / squares : 1;
            }
        return WeightedPoints.Of(values, weights);
    }
}
