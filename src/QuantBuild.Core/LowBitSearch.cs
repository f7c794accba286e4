using QuantBuild.Calibration;
using QuantBuild.Evaluation;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Placement.LowBits;
using QuantBuild.Reconstruction;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Rewriting;
using QuantBuild.Settings;

namespace QuantBuild;

/// <summary>Rounds weights to few bits that nodes compute with in float, in several ways, and keeps what is best on held-out calibration samples.</summary>
/// <param name="samples">Null when there is no data: then weights are rounded by themselves.</param>
internal sealed class LowBitSearch(IInferenceEngine engine, QuantizationSettings settings, ModelSamples? samples, CancellationToken cancellation)
{
    /// <summary>Less is as likely luck.</summary>
    private const double LeastGainDecibels = 0.05;

    /// <summary>Moments of nodes that are read in one pass over the samples take so much, or are those of one node.</summary>
    private const long MostMomentBytes = 256L << 20;

    private readonly List<RecoveryOutcome> outcomes = [];

    public IReadOnlyList<RecoveryOutcome> Outcomes => outcomes;

    /// <param name="original">As the user's file has it.</param>
    public LowBitCodes Run(OnnxModel original, Draft draft)
    {
        LowBitTarget[] targets = [.. draft.Placement.LowBits.Targets.Where(target => !target.IsInteger)];
        if (targets.Length == 0)
            return LowBitCodes.Nothing;
        RoundingMethod method = settings.Rounding == RoundingMethod.Auto ? RoundingMethod.CoordinateDescent : settings.Rounding;
        if (samples is null || method == RoundingMethod.Nearest)
            return Round(draft, targets, method, new Dictionary<RowsKey, MomentSums>());
        LowBitCodes rounded = FromMoments(draft, targets, method);
        if (settings.Rounding != RoundingMethod.Auto || HeldOutTrial.Of(engine, original, samples) is not { } trial)
            return rounded;
        LowBitCodes nearest = Round(draft, targets, RoundingMethod.Nearest, new Dictionary<RowsKey, MomentSums>());
        LowBitCodes best = Better(SettingCatalogue.Rounding, draft, nearest, rounded, trial);
        string? lab = Environment.GetEnvironmentVariable("LAB_SHARE");
        if (lab is null)
            return best;
        return Better(SettingCatalogue.BlockReconstruction, draft, best, InStream(draft, targets, best, method, double.Parse(lab, System.Globalization.CultureInfo.InvariantCulture)), trial);
    }

    /// <summary>Layer after layer, each made to give with what it reads in the quantized model what the float model gives.</summary>
    private LowBitCodes InStream(Draft draft, LowBitTarget[] targets, LowBitCodes codes, RoundingMethod method, double share)
    {
        var reader = new MomentReader(engine, samples!);
        OnnxGraph graph = draft.Model.Graph;
        LowBitTarget[][] layers = [.. targets.Where(target => target.Reader is { } node && target.Key.Graph == graph && RowsKey.Of(node, graph) is not null)
            .GroupBy(target => RowsKey.Of(target.Reader!, graph)!.Value).Select(layer => layer.ToArray())];
        foreach (LowBitTarget[] layer in layers)
        {
            OnnxModel soFar = OnnxModelReader.ParseAnyOpset(LowBitTrial.Of(draft.Model, codes), new Diagnostics.DiagnosticOrigin(settings.DisplayPath));
            IReadOnlyDictionary<RowsKey, MomentSums> moments = reader.Read(
                draft.Model, [.. layer.Select(target => target.Reader!)], (soFar, new Dictionary<string, string>()), cancellation);
            codes = Round(draft, layer, method, moments, share).Over(codes);
        }
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
    private LowBitCodes FromMoments(Draft draft, LowBitTarget[] targets, RoundingMethod method)
    {
        var reader = new MomentReader(engine, samples!);
        LowBitCodes codes = Round(draft, [.. targets.Where(target => !HasRows(target))], method, new Dictionary<RowsKey, MomentSums>());
        foreach (LowBitTarget[] group in Groups([.. targets.Where(HasRows)], draft.Model.Graph))
        {
            IReadOnlyDictionary<RowsKey, MomentSums> moments = reader.Read(draft.Model, [.. group.Select(target => target.Reader!)], null, cancellation);
            codes = Round(draft, group, method, moments).Over(codes);
        }
        return codes;

        bool HasRows(LowBitTarget target) => target.Reader is { } node && target.Key.Graph == draft.Model.Graph && RowsKey.Of(node, draft.Model.Graph) is not null;
    }

    private LowBitCodes Round(
        Draft draft, IReadOnlyList<LowBitTarget> targets, RoundingMethod method, IReadOnlyDictionary<RowsKey, MomentSums> moments, double share = 1)
    {
        var rounder = new LowBitRounder(settings.LowBits, method);
        var weights = new Dictionary<ConstantKey, LowBitWeight>();
        var biases = new Dictionary<ConstantKey, OnnxTensor>();
        foreach (LowBitTarget target in targets)
        {
            cancellation.ThrowIfCancellationRequested();
            MomentSums? sums = target.Reader is { } node && RowsKey.Of(node, draft.Model.Graph) is { } key ? moments.GetValueOrDefault(key) : null;
            LowBitBias? bias = settings.BiasCorrection == BiasCorrectionMode.Off ? null : LowBitBias.Of(target);
            LayerGram[]? grams = sums?.ToGrams(centered: bias is not null, share);
            LowBitWeight rounded = rounder.Round(target, grams);
            weights.Add(target.Key, rounded);
            if (grams is not null && bias is not null)
                biases.Add(bias.Key, bias.Corrected(target, rounded, grams));
        }
        return new LowBitCodes(weights, biases);
    }

    private static IEnumerable<LowBitTarget[]> Groups(LowBitTarget[] targets, OnnxGraph graph)
    {
        var group = new List<LowBitTarget>();
        var seen = new HashSet<RowsKey>();
        long bytes = 0;
        foreach (LowBitTarget target in targets)
        {
            long added = seen.Contains(RowsKey.Of(target.Reader!, graph)!.Value) ? 0 : MomentReader.BytesOf(target.Reader!, graph, hasStream: false);
            if (group.Count > 0 && bytes + added > MostMomentBytes)
            {
                yield return [.. group];
                group.Clear();
                seen.Clear();
                bytes = 0;
                added = MomentReader.BytesOf(target.Reader!, graph, hasStream: false);
            }
            group.Add(target);
            seen.Add(RowsKey.Of(target.Reader!, graph)!.Value);
            bytes += added;
        }
        if (group.Count > 0)
            yield return [.. group];
    }
}
