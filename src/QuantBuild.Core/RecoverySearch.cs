using QuantBuild.Calibration;
using QuantBuild.Diagnostics;
using QuantBuild.Equalization;
using QuantBuild.Evaluation;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Precision;
using QuantBuild.Reconstruction;
using QuantBuild.Rewriting;
using QuantBuild.Settings;

namespace QuantBuild;

/// <summary>Tries what may give accuracy back, step by step, and keeps what helps on held-out calibration samples or was asked for.</summary>
/// <param name="original">As the user's file has it.</param>
/// <param name="samples">Null when there is no data: then nothing is tried.</param>
/// <param name="drafted">Places and calibrates a float model that computes the same.</param>
internal sealed class RecoverySearch(
    IInferenceEngine engine, QuantizationSettings settings, OnnxModel original, ModelSamples? samples, WeightFile? weights, Func<OnnxModel, Draft> drafted,
    CancellationToken cancellation)
{
    /// <summary>Less is as likely luck.</summary>
    private const double LeastGainDecibels = 0.05;

    /// <summary>Parts into which a model is cut for what is measured in the quantized model: each takes a pass over the samples.</summary>
    private const int Parts = 8;

    /// <summary>Parts of the errors that come from before a layer which its weights are tried to take back.</summary>
    private static readonly double[] BlockShares = [0.5, 1];

    private readonly List<RecoveryOutcome> outcomes = [];

    public IReadOnlyList<RecoveryOutcome> Outcomes => outcomes;

    private RoundingMethod Rounding => settings.Rounding == RoundingMethod.Auto ? RoundingMethod.CoordinateDescent : settings.Rounding;

    /// <remarks>Weights that lie in files are rounded one at a time, each by itself: everything else would write them again and again.</remarks>
    public Candidate Run(Draft draft)
    {
        if (samples is null || settings.Scheme != QuantizationScheme.Static || weights is not null
            || draft.Placement.Nodes.All(node => node.Weight is null) || HeldOutTrial.Of(engine, original, samples) is not { } trial)
            return Nearest(draft, weights);
        Candidate best = Equalize(draft, trial);
        best = ChooseRounding(best, trial);
        if (settings.BiasCorrection == BiasCorrectionMode.Full)
            best = Better(SettingCatalogue.BiasCorrection, best, InStream(best, RoundingMethod.Nearest, 0), trial, isWanted: false);
        if (settings.BlockReconstruction == StepMode.True)
            foreach (double share in BlockShares)
                best = Better(SettingCatalogue.BlockReconstruction, best, InStream(best, RoundingMethod.CoordinateDescent, share), trial, isWanted: false);
        return best;
    }

    private Candidate Equalize(Draft draft, HeldOutTrial trial)
    {
        Candidate best = Build(draft);
        best = Step(SettingCatalogue.SmoothQuant, settings.SmoothQuant, best, trial, SmoothQuant.Apply(draft.Model, draft.Placement, draft.Table));
        return best;
    }

    private Candidate Step(SettingDescriptor step, StepMode mode, Candidate best, HeldOutTrial trial, OnnxModel? changed)
    {
        if (mode == StepMode.False)
            return best;
        if (changed is null)
        {
            outcomes.Add(new RecoveryOutcome(step.Name, Kept: false, null, null));
            return best;
        }
        return Better(step, best, Build(drafted(changed)), trial, isWanted: mode == StepMode.True);
    }

    private Candidate ChooseRounding(Candidate best, HeldOutTrial trial)
    {
        if (settings.BiasCorrection == BiasCorrectionMode.Auto)
        {
            Candidate without = best with { Codes = BiasCorrection.None(best.Draft.Model.Graph, best.Precision, best.Codes) };
            best = Better(SettingCatalogue.BiasCorrection, without, best, trial, isWanted: false);
        }
        if (settings.Rounding == RoundingMethod.Auto)
        {
            Candidate nearest = Nearest(best.Draft, null);
            if (best.Codes.BiasCorrections.Count > 0)
                nearest = WithFastBias(nearest);
            best = Better(SettingCatalogue.Rounding, nearest, best, trial, isWanted: false);
        }
        return best;
    }

    /// <summary>Node after node, so many parts of the model at a time, each corrected for the errors that those before have left.</summary>
    private Candidate InStream(Candidate candidate, RoundingMethod rounding, double share)
    {
        var reader = new StreamRows(engine, samples!);
        PlannedNode[] nodes = [.. candidate.Draft.Placement.Nodes.Where(node => node.Weight is not null)];
        foreach (PlannedNode[] part in nodes.Chunk((nodes.Length + Parts - 1) / Parts))
        {
            QuantizedModel written = Write(candidate);
            OnnxModel parsed = OnnxModelReader.ParseAnyOpset(written.Image, new DiagnosticOrigin(settings.DisplayPath));
            IReadOnlyDictionary<RowsKey, InputRows> stream =
                reader.Read(candidate.Draft.Table, candidate.Draft.Model.Graph, parsed, written.ValueNames, part, cancellation);
            OnnxGraph graph = candidate.Draft.Model.Graph;
            WeightCodes codes = WeightReconstructor.Reconstruct(
                graph, candidate.Precision, candidate.Draft.Table, candidate.Codes, rounding, share, stream);
            candidate = candidate with { Codes = BiasCorrection.InStream(graph, candidate.Precision, candidate.Draft.Table, stream, codes) };
        }
        return candidate;
    }

    private Candidate Better(SettingDescriptor step, Candidate without, Candidate with, HeldOutTrial trial, bool isWanted)
    {
        double before = Decibels(without, trial);
        double after = Decibels(with, trial);
        bool kept = isWanted || after > before + LeastGainDecibels;
        outcomes.Add(new RecoveryOutcome(step.Name, kept, before, after));
        return kept ? with : without;
    }

    private double Decibels(Candidate candidate, HeldOutTrial trial) => trial.SqnrDecibels(Write(candidate).Image);

    private QuantizedModel Write(Candidate candidate) =>
        ModelRewriter.Rewrite(original, candidate.Draft.Model, candidate.Precision, candidate.Codes, settings);

    /// <summary>With everything that costs no run of the quantized model.</summary>
    private Candidate Build(Draft draft)
    {
        Candidate candidate = Nearest(draft, null);
        if (Rounding != RoundingMethod.Nearest)
            candidate = candidate with
            {
                Codes = WeightReconstructor.Reconstruct(draft.Model.Graph, candidate.Precision, draft.Table, candidate.Codes, Rounding, share: 0),
            };
        return settings.BiasCorrection == BiasCorrectionMode.Off ? candidate : WithFastBias(candidate);
    }

    private Candidate Nearest(Draft draft, WeightFile? file)
    {
        PrecisionPlan precision = PrecisionChooser.Choose(draft.Placement, draft.Table, settings.RangeEstimator, draft.Model.Graph);
        return new Candidate(draft, precision, WeightQuantizer.Quantize(draft.Model.Graph, precision, file));
    }

    private static Candidate WithFastBias(Candidate candidate) => candidate with
    {
        Codes = BiasCorrection.Fast(candidate.Draft.Model.Graph, candidate.Precision, candidate.Draft.Table, candidate.Codes),
    };
}
