using QuantBuild.Calibration;
using QuantBuild.Equalization;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement.LowBits;
using QuantBuild.Reconstruction;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Settings;

namespace QuantBuild;

/// <summary>Divides the channels of what nodes with weights in few bits read, and multiplies the weights, by the factors of <see cref="Awq"/>: the model stays
/// the same function, and weights that multiply much are rounded more finely.</summary>
internal sealed class ChannelFactorSearch(IInferenceEngine engine, QuantizationSettings settings, ModelSamples samples, CancellationToken cancellation)
{
    /// <summary>The error has to fall to this part of it where constants alone change.</summary>
    private const double WorthChanging = 0.97;

    /// <summary>The same where a Mul has to be added, which costs time.</summary>
    private const double WorthMultiplying = 0.8;

    /// <summary>Of a layer so many output channels are tried, evenly spaced.</summary>
    private const int MostOutputs = 128;

    /// <summary>Moments that are added up in one pass over the samples take so much, or are those of one value.</summary>
    private const long MostMomentBytes = 256L << 20;

    /// <summary>Factors have so many bits behind the first one: last bits of moments, which differ between machines, seldom change them.</summary>
    private const int FactorBits = 4;

    /// <returns>A model of the same function; null when no factors gain.</returns>
    public OnnxModel? Apply(Draft draft)
    {
        var found = new List<(EqualizationSite Site, ChannelAdjustment Adjustment)>();
        var reader = new MomentReader(engine, samples);
        ILookup<string, LowBitTarget> targets = draft.Placement.LowBits.Targets
            .Where(target => target is { IsInteger: false, Reader: not null } && target.Key.Graph == draft.Model.Graph)
            .ToLookup(target => target.Reader!.Node.Inputs[0], StringComparer.Ordinal);
        foreach (EqualizationSite[] sites in Groups(EqualizationSite.FindAll(draft.Model.Graph, draft.Placement.LowBits), targets, draft.Model.Graph))
        {
            IReadOnlyDictionary<RowsKey, MomentSums> moments =
                reader.Read(draft.Model, [.. sites.SelectMany(site => targets[site.Value]).Select(target => target.Reader!)], null, cancellation);
            foreach (EqualizationSite site in sites)
            {
                cancellation.ThrowIfCancellationRequested();
                if (FactorsOf(site, [.. targets[site.Value]], moments, draft.Model.Graph) is { } factors)
                    found.Add((site, new ChannelAdjustment(factors, new float[factors.Length])));
            }
        }
        return found.Count == 0 ? null : Equalizer.Apply(draft.Model, found);
    }

    /// <returns>Null when none gain.</returns>
    private float[]? FactorsOf(EqualizationSite site, LowBitTarget[] targets, IReadOnlyDictionary<RowsKey, MomentSums> moments, OnnxGraph graph)
    {
        var parts = new List<AwqPart>();
        foreach (LowBitTarget target in targets)
        {
            if (RowsKey.Of(target.Reader!, graph) is not { } key || !moments.TryGetValue(key, out MomentSums? sums))
                return null;
            WeightedReader read = site.Readers.First(reader => reader.Weights.Node == target.Reader!.Node);
            LayerGram[] grams = sums.ToGrams(centered: settings.BiasCorrection != BiasCorrectionMode.Off && LowBitBias.Of(target) is not null);
            float[] rows = target.Matrix.ToRows(target.Tensor.Floats);
            int channels = target.Matrix.Channels / grams.Length;
            for (int group = 0; group < grams.Length; group++)
                parts.Add(new AwqPart(
                    grams[group],
                    Some(rows.AsSpan(group * channels * target.Matrix.Columns, channels * target.Matrix.Columns), target),
                    [.. Enumerable.Range(0, target.Matrix.Columns).Select(column => read.ChannelOfWeight(group, column))]));
        }
        Action<LayerGram, LowBitLayer>? round = settings.Rounding == RoundingMethod.Awq ? null : (gram, layer) => GridSearch.Weighted(layer, gram);
        ChannelScales best = Awq.Search(parts, site.Readers[0].Channels, round);
        double share = settings.Rounding == RoundingMethod.Awq ? 1 : site.Source is null ? WorthMultiplying : WorthChanging;
        return best.Error < best.PlainError * share ? [.. best.Factors.Select(Snapped)] : null;
    }

    /// <summary>Evenly spaced levels stand for those of a codebook, which is found for weights that are multiplied already.</summary>
    private LowBitLayer Some(ReadOnlySpan<float> rows, LowBitTarget target)
    {
        int columns = target.Matrix.Columns;
        int channels = rows.Length / columns;
        int count = Math.Min(MostOutputs, channels);
        var some = new float[count * columns];
        for (int i = 0; i < count; i++)
            rows.Slice((int)((long)i * channels / count) * columns, columns).CopyTo(some.AsSpan(i * columns));
        return LowBitLayer.Uniform(some, count, target.Bits, target.BlockColumns, settings.LowBits.HasZeroPoints);
    }

    private static float Snapped(float factor)
    {
        double unit = Math.ScaleB(1, Math.ILogB(factor) - FactorBits);
        return (float)(Math.Round(factor / unit) * unit);
    }

    private static IEnumerable<EqualizationSite[]> Groups(IEnumerable<EqualizationSite> sites, ILookup<string, LowBitTarget> targets, OnnxGraph graph)
    {
        var group = new List<EqualizationSite>();
        long bytes = 0;
        foreach (EqualizationSite site in sites)
        {
            long own = targets[site.Value].Sum(target => MomentReader.BytesOf(target.Reader!, graph));
            if (group.Count > 0 && bytes + own > MostMomentBytes)
            {
                yield return [.. group];
                group.Clear();
                bytes = 0;
            }
            group.Add(site);
            bytes += own;
        }
        if (group.Count > 0)
            yield return [.. group];
    }
}
