using QuantBuild.Calibration;
using QuantBuild.Diagnostics;
using QuantBuild.Equalization;
using QuantBuild.Evaluation;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Precision;
using QuantBuild.Reconstruction;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Rewriting;
using QuantBuild.Settings;

namespace QuantBuild;

/// <summary>Tries what may give accuracy back, step by step, and keeps what helps on held-out calibration samples or was asked for.</summary>
/// <param name="original">As the user's file has it.</param>
/// <param name="samples">Null when there is no data: then nothing is tried.</param>
/// <param name="replay">Parameters that are given; null: all are chosen.</param>
/// <param name="lowBits">Weights in few bits that nodes compute with in float.</param>
/// <param name="drafted">Places and calibrates a float model that computes the same.</param>
internal sealed class RecoverySearch(
    IInferenceEngine engine, QuantizationSettings settings, OnnxModel original, ModelSamples? samples, WeightFile? weights, Replay? replay,
    LowBitCodes lowBits, Func<OnnxModel, Draft> drafted, CancellationToken cancellation)
{
    /// <summary>Less is as likely luck.</summary>
    private const double LeastGainDecibels = 0.05;

    /// <summary>For a changed model: it may treat unseen data otherwise than the samples, and may have more to compute.</summary>
    private const double LeastGainOfEqualization = 1;

    /// <summary>What is measured in the quantized model, once for every layer, may read so many times the samples in all.</summary>
    private const int MostPasses = 24;

    /// <summary>Parts of the errors that come from before a layer which its weights are tried to take back.</summary>
    private static readonly double[] BlockShares = [0.5, 1];

    /// <summary>A larger model has its weights rounded one at a time, each by itself: everything else would write them again and again.</summary>
    private const long MostBytes = 512L << 20;

    private readonly List<RecoveryOutcome> outcomes = [];

    /// <summary>The candidate that was kept last, which the next step is compared with.</summary>
    private (Candidate Candidate, double Decibels)? measured;

    public IReadOnlyList<RecoveryOutcome> Outcomes => outcomes;

    private RoundingMethod Rounding => settings.Rounding == RoundingMethod.Auto ? RoundingMethod.CoordinateDescent : settings.Rounding;

    /// <summary>True when rows of what nodes with weights read are of use.</summary>
    public static bool NeedsRows(OnnxModel model, QuantizationSettings settings) =>
        IsFor(model, settings) && (settings.RangeEstimator == RangeEstimator.Auto || TriesSteps(settings));

    private static bool IsFor(OnnxModel model, QuantizationSettings settings) =>
        settings.Scheme == QuantizationScheme.Static && model.SizeBytes <= MostBytes;

    private static bool TriesSteps(QuantizationSettings settings) =>
        settings.Rounding != RoundingMethod.Nearest || settings.BiasCorrection != BiasCorrectionMode.Off || settings.SmoothQuant != StepMode.False
        || settings.CrossLayerEqualization != StepMode.False || settings.BlockReconstruction == StepMode.True;

    public Candidate Run(Draft draft)
    {
        if (samples is null || !IsFor(original, settings) || !TriesSteps(settings)
            || draft.Placement.Nodes.All(node => node.Weight is null) || HeldOutTrial.Of(engine, original, samples) is not { } trial)
            return Nearest(draft, weights);
        Candidate best = Equalize(draft, trial);
        best = ChooseRounding(best, trial);
        if (settings.BiasCorrection == BiasCorrectionMode.Full)
            best = Better(SettingCatalogue.BiasCorrection, best, InStream(best, RoundingMethod.Nearest, 0), trial);
        if (settings.BlockReconstruction == StepMode.True)
            foreach (double share in BlockShares)
                best = Better(SettingCatalogue.BlockReconstruction, best, InStream(best, RoundingMethod.CoordinateDescent, share), trial);
        return best;
    }

    /// <summary>Decided with the nearest codes: rounding well takes as long as all of this, and only what is kept is worth it.</summary>
    private Candidate Equalize(Draft draft, HeldOutTrial trial)
    {
        Candidate best = Plain(draft);
        // Codes belong to the weights as they are.
        if (lowBits.Weights.Count > 0)
            return best;
        best = Step(SettingCatalogue.SmoothQuant, settings.SmoothQuant, best, trial, acrossLayers: false);
        return Step(SettingCatalogue.CrossLayerEqualization, settings.CrossLayerEqualization, best, trial, acrossLayers: true);
    }

    private Candidate Step(SettingDescriptor step, StepMode mode, Candidate best, HeldOutTrial trial, bool acrossLayers)
    {
        if (mode == StepMode.False)
            return best;
        OnnxModel? changed = Equalizer.Apply(best.Draft.Model, best.Draft.Placement, best.Draft.Table, acrossLayers, smooth: !acrossLayers);
        if (changed is null)
        {
            outcomes.Add(new RecoveryOutcome(step.Name, Kept: false, null, null));
            return best;
        }
        return Better(step, best, Plain(drafted(changed)), trial, mode == StepMode.True ? double.NegativeInfinity : LeastGainOfEqualization);
    }

    /// <param name="plain">With nearest codes.</param>
    private Candidate ChooseRounding(Candidate plain, HeldOutTrial trial)
    {
        if (Rounding == RoundingMethod.Nearest && settings.BiasCorrection != BiasCorrectionMode.Auto)
            return plain;
        Candidate best = Rounded(plain);
        if (settings.BiasCorrection == BiasCorrectionMode.Auto)
            best = Better(SettingCatalogue.BiasCorrection, WithoutBias(best), best, trial);
        if (settings.Rounding == RoundingMethod.Auto)
        {
            Candidate nearest = best.Codes.BiasCorrections.Count == 0 && plain.Codes.BiasCorrections.Count > 0 ? WithoutBias(plain) : plain;
            best = Better(SettingCatalogue.Rounding, nearest, best, trial);
        }
        return best;
    }

    /// <summary>Layer after layer, each corrected for the errors that those before it have left; layers that read the same value go together.</summary>
    private Candidate InStream(Candidate candidate, RoundingMethod rounding, double takenBack)
    {
        var reader = new StreamRows(engine, samples!);
        PlannedNode[] nodes = [.. candidate.Draft.Placement.Nodes.Where(node => node.Weight is not null)];
        PlannedNode[][] layers = [.. nodes.GroupBy(node => node.Node.Inputs[node.ActivationInputs[0]], StringComparer.Ordinal).Select(layer => layer.ToArray())];
        double share = Math.Min(1, (double)MostPasses / layers.Length);
        foreach (PlannedNode[] part in layers)
        {
            QuantizedModel written = Write(candidate);
            OnnxModel parsed = OnnxModelReader.ParseAnyOpset(written.Image, new DiagnosticOrigin(settings.DisplayPath));
            IReadOnlyDictionary<RowsKey, InputRows> stream =
                reader.Read(candidate.Draft.Table, candidate.Draft.Model.Graph, parsed, written.ValueNames, part, share, cancellation);
            OnnxGraph graph = candidate.Draft.Model.Graph;
            WeightCodes codes = WeightReconstructor.Reconstruct(
                graph, candidate.Precision, candidate.Draft.Table, candidate.Codes, rounding, settings.LowBits, takenBack, stream);
            candidate = candidate with { Codes = BiasCorrection.InStream(graph, candidate.Precision, candidate.Draft.Table, stream, codes) };
        }
        return candidate;
    }

    private Candidate Better(SettingDescriptor step, Candidate without, Candidate with, HeldOutTrial trial, double leastGain = LeastGainDecibels)
    {
        double before = Decibels(without, trial);
        double after = Decibels(with, trial);
        // What cannot be compared, because outputs hold NaN or infinities, is not better.
        bool kept = double.IsNegativeInfinity(leastGain) || after > before + leastGain;
        outcomes.Add(new RecoveryOutcome(step.Name, kept, before, after));
        measured = kept ? (with, after) : (without, before);
        return kept ? with : without;
    }

    private double Decibels(Candidate candidate, HeldOutTrial trial) =>
        ReferenceEquals(candidate, measured?.Candidate) ? measured!.Value.Decibels : trial.SqnrDecibels(Write(candidate).Image);

    private QuantizedModel Write(Candidate candidate) =>
        ModelRewriter.Rewrite(original, candidate.Draft.Model, candidate.Draft.Facts, candidate.Precision, candidate.Codes, settings);

    /// <summary>With nearest codes.</summary>
    private Candidate Plain(Draft draft) => WithBias(Nearest(draft, null));

    /// <summary>With everything that costs no run of the quantized model.</summary>
    private Candidate Rounded(Candidate plain) => Rounding == RoundingMethod.Nearest ? plain : WithBias(plain with
    {
        Codes = WeightReconstructor.Reconstruct(
            plain.Draft.Model.Graph, plain.Precision, plain.Draft.Table, plain.Codes, Rounding, settings.LowBits, share: 0),
    });

    private Candidate Nearest(Draft draft, WeightFile? file)
    {
        PrecisionPlan precision = PrecisionChooser.Choose(draft.Placement, draft.Table, settings.RangeEstimator, draft.Model.Graph);
        precision = replay?.Apply(precision) ?? precision;
        return new Candidate(draft, precision, WeightQuantizer.Quantize(draft.Model.Graph, precision, settings.LowBits, file) with { LowBits = lowBits });
    }

    private Candidate WithBias(Candidate candidate) => settings.BiasCorrection == BiasCorrectionMode.Off ? candidate : candidate with
    {
        Codes = BiasCorrection.Fast(candidate.Draft.Model.Graph, candidate.Precision, candidate.Draft.Table, candidate.Codes),
    };

    private static Candidate WithoutBias(Candidate candidate) =>
        candidate with { Codes = BiasCorrection.None(candidate.Draft.Model.Graph, candidate.Precision, candidate.Codes) };
}
