using QuantBuild.Calibration;
using QuantBuild.Diagnostics;
using QuantBuild.Evaluation;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Placement.Costs;
using QuantBuild.Precision;
using QuantBuild.Preparation;
using QuantBuild.Reconstruction;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Reporting;
using QuantBuild.Rewriting;
using QuantBuild.Settings;

namespace QuantBuild;

/// <summary>Takes one model through the stages from placement to the file, once for every set of settings that it is asked for.</summary>
/// <param name="original">As the user's file has it.</param>
/// <param name="replay">Choices that are repeated; null: they are made.</param>
internal sealed class CandidateMaker(
    IInferenceEngine engine,
    CheckedModel job,
    OnnxModel original,
    PreparedModel prepared,
    Observation observed,
    Replay? replay,
    OutputFolder outputs,
    StageClock clock,
    CancellationToken cancellation)
{
    private readonly RoundedWeights rounded = new();

    /// <param name="settings">Other than those of the job where a search tries something.</param>
    /// <param name="before">A float model that computes the same, with what calibration showed of it; null: the prepared model.</param>
    public Draft Draft(QuantizationSettings settings, DiagnosticBag found, Draft? before = null) =>
        Drafted(before?.Model ?? prepared.Model, before?.Facts ?? observed.Facts, settings, found, before);

    /// <param name="draft">Of the same settings.</param>
    public MadeModel Make(QuantizationSettings settings, Draft draft)
    {
        WeightFile? weights = original.HasExternalTensors
            ? new WeightFile(outputs.NewTemporaryFile(OutputNames.QuantizedModel(settings.Name)))
            : null;
        MadeModel? made = null;
        try
        {
            var lowBitSearch = new LowBitSearch(engine, settings, observed.Samples, changed => Redrafted(changed, settings), cancellation, settings.Layers is null ? null : rounded);
            (draft, LowBitCodes lowBits) = clock.Run("round", () => lowBitSearch.Run(original, draft));
            var recovery = new RecoverySearch(
                engine, settings, original, observed.Samples, weights, replay, lowBits, changed => Redrafted(changed, settings), cancellation);
            Candidate best = clock.Run("recover", () => recovery.Run(draft));
            if (settings.Layers is not null || !IsForLayers)
                replay?.Verify(best.Precision, job.Origin);
            QuantizedModel quantized = clock.Run(
                "rewrite", () => ModelRewriter.Rewrite(original, best.Draft.Model, best.Draft.Facts, best.Precision, best.Codes, settings, weights));
            EmbeddingLimit.Check(quantized.Image, settings, job.Origin);
            double cost = CostOf(best.Draft, quantized, CostTable.Of(settings));
            made = new MadeModel(
                settings, best.Draft, best.Precision, best.Codes, quantized, [.. lowBitSearch.Outcomes, .. recovery.Outcomes], cost, weights);
            return made;
        }
        finally
        {
            if (made is null)
                weights?.Dispose();
        }
    }

    /// <summary>True when layers get forms of their own, which are searched or told.</summary>
    private bool IsForLayers => job.Settings is { Search: not null } or { Layers: not null };

    private static double CostOf(Draft draft, QuantizedModel quantized, CostTable costs)
    {
        OnnxGraph graph = draft.Model.Graph;
        return CostEstimate.Relative(graph, draft.Placement, quantized.LowBits.ProductsOf(graph), draft.Facts, costs);
    }

    /// <summary>A changed model is placed and calibrated again; what is wrong with it has been told of the first.</summary>
    private Draft Redrafted(OnnxModel changed, QuantizationSettings settings) => Drafted(
        changed,
        ShapeProbe.Observe(changed, observed.Facts, ModelSamples.First((job.Calibration ?? job.Validation)!), engine),
        settings,
        new DiagnosticBag(),
        before: null);

    private Draft Drafted(OnnxModel floatModel, TensorFacts facts, QuantizationSettings settings, DiagnosticBag found, Draft? before)
    {
        PlacementPlan plan = clock.Run("place", () => PlacementPlanner.Plan(floatModel.Graph, facts, settings, job.Origin, found));
        if (found.HasErrors)
            return new Draft(floatModel, facts, plan, new CalibrationTable(new Dictionary<string, TensorStatistics>(), 0));
        CalibrationTable table = before?.TableFor(plan, floatModel) ?? clock.Run("calibrate", report => new Calibrator(engine, job.Origin, settings.MemoryLimit)
            .Calibrate(
                floatModel, plan, facts, observed.Samples, report, cancellation,
                keepsRows: RecoverySearch.NeedsRows(original, settings), forFewBits: IsForLayers));
        PlacementPlan revised = clock.Run("revise", () => PlacementReviser.Revise(
            plan, floatModel.Graph, facts, table.Activations, table.NotFinite, settings, job.Origin, found, replay is null ? null : replay.WhyFloat));
        return new Draft(floatModel, facts, revised, table) { Observed = plan };
    }
}

/// <summary>One finished form of a model.</summary>
/// <param name="Settings">That it was made by.</param>
/// <param name="Recovery">What was tried to give accuracy back.</param>
/// <param name="Cost">Estimated time of a run over that of the float model.</param>
/// <param name="Weights">Holds large tensors of the file; null when it has none.</param>
internal sealed record MadeModel(
    QuantizationSettings Settings,
    Draft Draft,
    PrecisionPlan Precision,
    WeightCodes Codes,
    QuantizedModel Quantized,
    IReadOnlyList<RecoveryOutcome> Recovery,
    double Cost,
    WeightFile? Weights) : IDisposable
{
    /// <summary>On the samples of the gate; null when it was not measured yet.</summary>
    public AccuracyComparison? Accuracy { get; init; }

    public void Dispose() => Weights?.Dispose();
}
