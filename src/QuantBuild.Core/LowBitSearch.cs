using QuantBuild.Calibration;
using QuantBuild.Diagnostics;
using QuantBuild.Evaluation;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Placement.LowBits;
using QuantBuild.Reconstruction;
using QuantBuild.Reconstruction.Blocks;
using QuantBuild.Reconstruction.Codebooks;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Rewriting;
using QuantBuild.Settings;

namespace QuantBuild;

/// <summary>Rounds weights to few bits that nodes compute with in float: each by itself, then by what its layer reads, then in the quantized model, then block by
/// block. Keeps what is better on held-out calibration samples.</summary>
/// <param name="samples">Null when there is no data: then weights are rounded by themselves.</param>
/// <param name="drafted">Places and calibrates a float model that computes the same.</param>
/// <param name="memory">Of other candidates of the same float model; null: there are none.</param>
internal sealed class LowBitSearch(
    IInferenceEngine engine, QuantizationSettings settings, ModelSamples? samples, Func<OnnxModel, Draft> drafted, CancellationToken cancellation,
    RoundedWeights? memory = null)
{
    /// <summary>Less is as likely luck.</summary>
    private const double LeastGainDecibels = 0.05;

    /// <summary>Decibels that are given for bytes.</summary>
    private const double MostLossOfSharing = 0.1;

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

    private bool TakesMoments => samples is not null && Method is not (RoundingMethod.Nearest or RoundingMethod.Hqq);

    /// <param name="original">As the user's file has it.</param>
    /// <returns>The draft, or one of the same function that few bits suit better, with codes for its weights.</returns>
    public (Draft Draft, LowBitCodes Codes) Run(OnnxModel original, Draft draft)
    {
        LowBitTarget[] targets = TargetsOf(draft);
        if (targets.Length == 0)
            return (draft, LowBitCodes.Nothing);
        if (Method == RoundingMethod.Awq && WithFactors(draft) is { } divided)
            (draft, targets) = (divided, TargetsOf(divided));
        LowBitCodes best = !TakesMoments ? Round(draft, targets, Method, NoMoments) : FromMoments(draft, targets);
        if (samples is null)
            return (draft, Shared(draft, targets, best, null));
        if (original.SizeBytes > MostBytes)
            return (draft, Shared(draft, targets, WithoutBlocks(best, $"the model is larger than {MostBytes >> 20} MB"), null));
        if (HeldOutTrial.Of(engine, original, samples) is not { } trial)
            return (draft, Shared(draft, targets, WithoutBlocks(best, "the model has no output of floats to judge it by"), null));
        if (settings.Rounding == RoundingMethod.Auto)
            best = Better(SettingCatalogue.Rounding, draft, Round(draft, targets, RoundingMethod.Nearest, NoMoments), best, trial);
        bool roundsAgain = settings.BlockReconstruction == StepMode.Auto ? Method == RoundingMethod.CoordinateDescent : settings.BlockReconstruction == StepMode.True;
        if (roundsAgain)
            best = Better(SettingCatalogue.Rounding, draft, best, InStream(draft, targets, best), trial);
        if (settings.BlockReconstruction == StepMode.True)
            best = Better(SettingCatalogue.BlockReconstruction, draft, best, InBlocks(draft, best), trial);
        return (draft, Shared(draft, targets, best, trial));
    }

    /// <summary>Tells that what was asked for is not done.</summary>
    private LowBitCodes WithoutBlocks(LowBitCodes codes, string why)
    {
        if (settings.BlockReconstruction == StepMode.True)
            outcomes.Add(new RecoveryOutcome(SettingCatalogue.BlockReconstruction.Name, Kept: false, Without: null, With: null, why));
        return codes;
    }

    private static LowBitTarget[] TargetsOf(Draft draft) => [.. draft.Placement.LowBits.Targets.Where(target => !target.IsInteger)];

    /// <returns>Null when no factors gain.</returns>
    private Draft? WithFactors(Draft draft) =>
        samples is not null && new ChannelFactorSearch(engine, settings, samples, cancellation).Apply(draft) is { } changed ? drafted(changed) : null;

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
        if (memory is null)
            return FromNewMoments(draft, targets);
        LowBitTarget[] missing = [.. targets.Where(target => !memory.Has(target))];
        LowBitCodes found = missing.Length == 0 ? LowBitCodes.Nothing : FromNewMoments(draft, missing);
        memory.Add(missing, found);
        return found.Over(memory.Of([.. targets.Where(memory.Has)]));
    }

    private LowBitCodes FromNewMoments(Draft draft, LowBitTarget[] targets)
    {
        var reader = new MomentReader(engine, samples!);
        LowBitTarget[] unknown = [.. targets.Where(target => KeyOf(target, draft) is null)];
        LowBitTarget[] known = [.. targets.Where(target => KeyOf(target, draft) is not null)];
        if (draft.Model.SizeBytes > PartedEngine.FewestBytes && ModelParts.Of(draft.Model, PartedRun.PartBytes) is { } parts)
        {
            try
            {
                return InParts(draft, parts, known, unknown, reader);
            }
            catch (NotCuttableException)
            {
            }
        }
        LowBitCodes codes = Round(draft, unknown, Method, NoMoments);
        foreach (LowBitTarget[] group in Groups(known, draft))
        {
            IReadOnlyDictionary<RowsKey, MomentSums> moments = reader.Read(draft.Model, [.. group.Select(target => target.Reader!)], null, cancellation);
            codes = Round(draft, group, Method, moments).Over(codes);
        }
        return codes;
    }

    /// <summary>Layer by layer, each rounded as soon as it is known what it reads; codes wait in a file.</summary>
    private LowBitCodes InParts(Draft draft, ModelParts parts, LowBitTarget[] targets, LowBitTarget[] unknown, MomentReader reader)
    {
        var file = new ScratchFile();
        LowBitCodes codes = Round(draft, unknown, Method, NoMoments).MovedTo(file);
        ILookup<RowsKey, LowBitTarget> waiting = targets.ToLookup(target => KeyOf(target, draft)!.Value);
        var reached = new HashSet<RowsKey>();
        foreach (Dictionary<RowsKey, MomentSums> moments in reader.ReadInParts(draft.Model, parts, [.. targets.Select(target => target.Reader!)], cancellation))
            foreach (RowsKey key in moments.Keys.ToArray())
            {
                reached.Add(key);
                codes = WithMoments([.. waiting[key]], moments, key, draft).MovedTo(file).Over(codes);
            }
        LowBitTarget[] others = [.. targets.Where(target => !reached.Contains(KeyOf(target, draft)!.Value))];
        return Round(draft, others, Method, NoMoments).MovedTo(file).Over(codes);
    }

    /// <summary>Layers that read the same. Their moments are let go before they are rounded: with what rounding takes they would be too much.</summary>
    private LowBitCodes WithMoments(LowBitTarget[] targets, Dictionary<RowsKey, MomentSums> moments, RowsKey key, Draft draft)
    {
        var grams = targets.Select(HasBias).Distinct().ToDictionary(centered => centered, centered => moments[key].ToGrams(centered, TakenBack));
        moments.Remove(key);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return Round(draft, targets, Method, target => grams[HasBias(target)]);
    }

    /// <summary>Some layers after the others, each made to give with what it reads in the quantized model what the float model gives.</summary>
    private LowBitCodes InStream(Draft draft, LowBitTarget[] targets, LowBitCodes codes, SharedWeights? shared = null)
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
            codes = Round(draft, seen, Method, moments, shared).Over(codes);
        }
        return codes;
    }

    private LowBitCodes InBlocks(Draft draft, LowBitCodes codes)
    {
        var learning = new BlockLearning(engine, samples!, state => LowBitTrial.Of(draft.Model, BlockLearning.CodesOf(state, draft.Model.Graph)), draft.Model, draft.Facts);
        return learning.Learn(codes, cancellation);
    }

    /// <summary>Last, because what weights have together is not found again for each of them.</summary>
    private LowBitCodes Shared(Draft draft, LowBitTarget[] targets, LowBitCodes codes, HeldOutTrial? trial)
    {
        if (settings.WeightSharing == StepMode.False || (settings.WeightSharing == StepMode.Auto && trial is null))
            return codes;
        SharedWeights shared = SharedWeights.Find(targets, codes, settings.LowBits.Codebook == CodebookKind.KMeans);
        if (!shared.Any)
            return codes;
        LowBitTarget[] some = [.. targets.Where(shared.Concerns)];
        shared = shared.WithCodes(Copied(draft, some, shared));
        LowBitCodes with = Round(draft, some, Method, NoMoments, shared).Over(codes);
        if (TakesMoments)
            with = InStream(draft, some, with, shared);
        double? before = trial?.SqnrDecibels(LowBitTrial.Of(draft.Model, codes));
        double? after = trial?.SqnrDecibels(LowBitTrial.Of(draft.Model, with));
        bool kept = settings.WeightSharing == StepMode.True || after >= before - MostLossOfSharing;
        outcomes.Add(new RecoveryOutcome(SettingCatalogue.WeightSharing.Name, kept, before, after));
        return kept ? with : codes;
    }

    /// <summary>Codes for what others are copies of, by what all of them read.</summary>
    private Dictionary<ConstantKey, LowBitWeight> Copied(Draft draft, LowBitTarget[] targets, SharedWeights shared)
    {
        var found = new Dictionary<ConstantKey, LowBitWeight>();
        MomentReader? reader = TakesMoments ? new MomentReader(engine, samples!) : null;
        var rounder = new LowBitRounder(settings.LowBits, Method);
        foreach (IGrouping<ConstantKey, KeyValuePair<ConstantKey, WeightCopy>> copies in shared.Copies.GroupBy(copy => copy.Value.Original))
        {
            LowBitTarget[] members = [.. targets.Where(target => target.Key == copies.Key || copies.Any(copy => copy.Key == target.Key))];
            LayerGram[]? grams = null;
            if (reader is not null && Array.TrueForAll(members, target => KeyOf(target, draft) is not null))
            {
                IReadOnlyDictionary<RowsKey, MomentSums> moments = reader.Read(draft.Model, [.. members.Select(target => target.Reader!)], null, cancellation);
                foreach (LowBitTarget member in members)
                    if (moments.TryGetValue(KeyOf(member, draft)!.Value, out MomentSums? sums))
                    {
                        LayerGram[] own = sums.ToGrams(centered: settings.BiasCorrection != BiasCorrectionMode.Off && LowBitBias.Of(member) is not null);
                        float factor = shared.Copies.TryGetValue(member.Key, out WeightCopy copy) ? copy.Factor : 1;
                        grams = grams is null ? own : [.. grams.Zip(own, (all, one) => all.With(one, factor))];
                    }
            }
            LowBitTarget original = Array.Find(members, target => target.Key == copies.Key)!;
            LowBitWeight weight = rounder.Round(original, grams);
            found.Add(copies.Key, weight);
            foreach ((ConstantKey key, WeightCopy copy) in copies)
                found.Add(key, LowBitRounder.InHalves(weight.Times(copy.Factor)));
        }
        return found;
    }

    private LowBitCodes Round(
        Draft draft, IReadOnlyList<LowBitTarget> targets, RoundingMethod method, IReadOnlyDictionary<RowsKey, MomentSums> moments, SharedWeights? shared = null) =>
        Round(
            draft,
            targets,
            method,
            target => (KeyOf(target, draft) is { } key ? moments.GetValueOrDefault(key) : null)?.ToGrams(HasBias(target), TakenBack),
            shared);

    /// <param name="gramsOf">What the layer reads; null: not known.</param>
    private LowBitCodes Round(
        Draft draft, IReadOnlyList<LowBitTarget> targets, RoundingMethod method, Func<LowBitTarget, LayerGram[]?> gramsOf, SharedWeights? shared = null)
    {
        var rounder = new LowBitRounder(settings.LowBits, method) { IsQuick = draft.Model.SizeBytes > PartedEngine.FewestBytes };
        var weights = new Dictionary<ConstantKey, LowBitWeight>();
        var biases = new Dictionary<ConstantKey, OnnxTensor>();
        foreach (LowBitTarget target in targets)
        {
            cancellation.ThrowIfCancellationRequested();
            LayerGram[]? grams = gramsOf(target);
            LowBitWeight rounded = shared?.Weights.GetValueOrDefault(target.Key) ?? rounder.Round(target, grams, shared?.Levels.GetValueOrDefault(target.Key));
            weights.Add(target.Key, rounded);
            if (grams is not null && HasBias(target))
            {
                LowBitBias bias = LowBitBias.Of(target)!;
                biases.Add(bias.Key, bias.Corrected(target, rounded, grams));
            }
        }
        return new LowBitCodes(weights, biases);
    }

    /// <summary>True when a bias takes up the mean error.</summary>
    private bool HasBias(LowBitTarget target) => settings.BiasCorrection != BiasCorrectionMode.Off && LowBitBias.Of(target) is not null;

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
