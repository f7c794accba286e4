using QuantBuild.Calibration;
using QuantBuild.Diagnostics;
using QuantBuild.Evaluation;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Placement.LowBits;
using QuantBuild.Reconstruction;
using QuantBuild.Reconstruction.Blocks;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Rewriting;
using QuantBuild.Settings;

namespace QuantBuild;

/// <summary>Rounds weights to few bits that nodes compute with in float: each by itself, then by what its layer reads, then in the quantized model, then block by
/// block. Keeps what is better on held-out calibration samples.</summary>
/// <param name="samples">Null when there is no data: then weights are rounded by themselves.</param>
internal sealed class LowBitSearch(IInferenceEngine engine, QuantizationSettings settings, ModelSamples? samples, CancellationToken cancellation)
{
    /// <summary>Less is as likely luck.</summary>
    private const double LeastGainDecibels = 0.05;

    /// <summary>Moments that are added up in one pass over the samples take so much, or are those of one node.</summary>
    private const long MostMomentBytes = 256L << 20;

    /// <summary>Layers are rounded again in so many steps at most, each of which reads what the steps before have left.</summary>
    private const int MostSteps = 12;

    /// <summary>Part of what layers before have done wrong that a layer takes back; all of it would fit the samples better and others worse.</summary>
    private const double TakenBack = 0.5;

    /// <summary>A larger model is rounded once, from what its layers read in the float model: everything else would run it again and again.</summary>
    private const long MostBytes = 512L << 20;

    private static readonly IReadOnlyDictionary<RowsKey, MomentSums> NoMoments = new Dictionary<RowsKey, MomentSums>();

    private readonly List<RecoveryOutcome> outcomes = [];

    public IReadOnlyList<RecoveryOutcome> Outcomes => outcomes;

    private RoundingMethod Method => settings.Rounding == RoundingMethod.Auto ? RoundingMethod.CoordinateDescent : settings.Rounding;

    /// <param name="original">As the user's file has it.</param>
    public LowBitCodes Run(OnnxModel original, Draft draft)
    {
        LowBitTarget[] targets = [.. draft.Placement.LowBits.Targets.Where(target => !target.IsInteger)];
        if (targets.Length == 0)
            return LowBitCodes.Nothing;
        bool needsNoSamples = Method is RoundingMethod.Nearest or RoundingMethod.Hqq;
        LowBitCodes best = samples is null || needsNoSamples ? Round(draft, targets, Method, NoMoments) : FromMoments(draft, targets);
        if (samples is null)
            return best;
        if (original.SizeBytes > MostBytes)
            return WithoutBlocks(best, $"the model is larger than {MostBytes >> 20} MB");
        if (HeldOutTrial.Of(engine, original, samples) is not { } trial)
            return WithoutBlocks(best, "the model has no output of floats to judge it by");
        if (settings.Rounding == RoundingMethod.Auto)
            best = Better(SettingCatalogue.Rounding, draft, Round(draft, targets, RoundingMethod.Nearest, NoMoments), best, trial);
        bool roundsAgain = settings.BlockReconstruction == StepMode.Auto ? Method == RoundingMethod.CoordinateDescent : settings.BlockReconstruction == StepMode.True;
        if (roundsAgain)
            best = Better(SettingCatalogue.Rounding, draft, best, InStream(draft, targets, best), trial);
        if (settings.BlockReconstruction == StepMode.True)
            best = Better(SettingCatalogue.BlockReconstruction, draft, best, InBlocks(draft, best), trial);
        return best;
    }

    /// <summary>Tells that what was asked for is not done.</summary>
    private LowBitCodes WithoutBlocks(LowBitCodes codes, string why)
    {
        if (settings.BlockReconstruction == StepMode.True)
            outcomes.Add(new RecoveryOutcome(SettingCatalogue.BlockReconstruction.Name, Kept: false, Without: null, With: null, why));
        return codes;
    }

    private LowBitCodes Better(SettingDescriptor step, Draft draft, LowBitCodes without, LowBitCodes with, HeldOutTrial trial)
    {
        double before = trial.SqnrDecibels(LowBitTrial.Of(draft.Model, without));
        double after = trial.SqnrDecibels(LowBitTrial.Of(draft.Model, with));
        bool kept = after > before + LeastGainDecibels;
        outcomes.Add(new RecoveryOutcome(step.Name, kept, before, after));
        return kept ? with : without;
    }

    /// <summary>In as many passes over the samples as memory wants.</summary>
    private LowBitCodes FromMoments(Draft draft, LowBitTarget[] targets)
    {
        var reader = new MomentReader(engine, samples!);
        LowBitCodes codes = Round(draft, [.. targets.Where(target => KeyOf(target, draft) is null)], Method, NoMoments);
        foreach (LowBitTarget[] group in Groups([.. targets.Where(target => KeyOf(target, draft) is not null)], draft))
        {
            IReadOnlyDictionary<RowsKey, MomentSums> moments = reader.Read(draft.Model, [.. group.Select(target => target.Reader!)], null, cancellation);
            codes = Round(draft, group, Method, moments).Over(codes);
        }
        return codes;
    }

    /// <summary>Some layers after the others, each made to give with what it reads in the quantized model what the float model gives.</summary>
    private LowBitCodes InStream(Draft draft, LowBitTarget[] targets, LowBitCodes codes)
    {
        var reader = new MomentReader(engine, samples!);
        LowBitTarget[][] layers = [.. targets.Where(target => KeyOf(target, draft) is not null).GroupBy(target => KeyOf(target, draft)!.Value).Select(layer => layer.ToArray())];
        int steps = Math.Min(MostSteps, layers.Length);
        for (int step = 0; step < steps; step++)
        {
            LowBitTarget[] some = [.. layers[(layers.Length * step / steps)..(layers.Length * (step + 1) / steps)].SelectMany(layer => layer)];
            OnnxModel soFar = OnnxModelReader.ParseAnyOpset(LowBitTrial.Of(draft.Model, codes), new DiagnosticOrigin(settings.DisplayPath));
            IReadOnlyDictionary<RowsKey, MomentSums> moments = reader.Read(draft.Model, [.. some.Select(target => target.Reader!)], soFar, cancellation);
            LowBitTarget[] seen = [.. some.Where(target => moments.ContainsKey(KeyOf(target, draft)!.Value))];
            codes = Round(draft, seen, Method, moments).Over(codes);
        }
        return codes;
    }

    private LowBitCodes InBlocks(Draft draft, LowBitCodes codes)
    {
        var learning = new BlockLearning(engine, samples!, state => LowBitTrial.Of(draft.Model, BlockLearning.CodesOf(state, draft.Model.Graph)), draft.Model, draft.Facts);
        return learning.Learn(codes, cancellation);
    }

    private LowBitCodes Round(Draft draft, IReadOnlyList<LowBitTarget> targets, RoundingMethod method, IReadOnlyDictionary<RowsKey, MomentSums> moments)
    {
        var rounder = new LowBitRounder(settings.LowBits, method);
        var weights = new Dictionary<ConstantKey, LowBitWeight>();
        var biases = new Dictionary<ConstantKey, OnnxTensor>();
        foreach (LowBitTarget target in targets)
        {
            cancellation.ThrowIfCancellationRequested();
            MomentSums? sums = KeyOf(target, draft) is { } key ? moments.GetValueOrDefault(key) : null;
            LowBitBias? bias = settings.BiasCorrection == BiasCorrectionMode.Off ? null : LowBitBias.Of(target);
            LayerGram[]? grams = sums?.ToGrams(centered: bias is not null, TakenBack);
            LowBitWeight rounded = rounder.Round(target, grams);
            weights.Add(target.Key, rounded);
            if (grams is not null && bias is not null)
                biases.Add(bias.Key, bias.Corrected(target, rounded, grams));
        }
        return new LowBitCodes(weights, biases);
    }

    /// <returns>Null where it is not known what multiplies the weight, or would take too much to know it.</returns>
    private static RowsKey? KeyOf(LowBitTarget target, Draft draft) => target.Reader is { } node && target.ReaderGraph == draft.Model.Graph
        && target.Key.Graph == draft.Model.Graph && MomentReader.Takes(node, draft.Model.Graph)
            ? RowsKey.Of(node, draft.Model.Graph)
            : null;

    private static IEnumerable<LowBitTarget[]> Groups(LowBitTarget[] targets, Draft draft)
    {
        var group = new List<LowBitTarget>();
        var seen = new HashSet<RowsKey>();
        long bytes = 0;
        foreach (LowBitTarget target in targets)
        {
            RowsKey key = KeyOf(target, draft)!.Value;
            long own = MomentReader.BytesOf(target.Reader!, draft.Model.Graph);
            if (group.Count > 0 && !seen.Contains(key) && bytes + own > MostMomentBytes)
            {
                yield return [.. group];
                group.Clear();
                seen.Clear();
                bytes = 0;
            }
            group.Add(target);
            if (seen.Add(key))
                bytes += own;
        }
        if (group.Count > 0)
            yield return [.. group];
    }
}
