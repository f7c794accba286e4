using QuantBuild.Calibration;
using QuantBuild.Diagnostics;
using QuantBuild.Evaluation;
using QuantBuild.Execution;
using QuantBuild.Inspection;
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

/// <summary>The table of contents: every stage of the work on one model once, in order.</summary>
/// <param name="replay">Choices that are repeated; null: they are made.</param>
internal sealed class ModelQuantizer(
    IInferenceEngine engine, IProgress<StageProgress> progress, CheckedModel job, Replay? replay, OutputFolder outputs, CancellationToken cancellation)
{
    private readonly QuantizationSettings settings = replay?.Settle(job.Settings) ?? job.Settings;
    private readonly IInferenceEngine engine = job.Settings.LowBits.IsOn ? new PartedEngine(engine) : engine;
    private readonly DiagnosticOrigin origin = job.Origin;
    private readonly DiagnosticBag problems = new();
    private readonly StageClock clock = new(job.Settings.Name, progress, TimeProvider.System);

    /// <summary>What came up, errors too.</summary>
    public IReadOnlyList<Diagnostic> Findings => problems.Diagnostics;

    /// <returns>Null when the settings turned out to name what the model does not have.</returns>
    public ModelOutcome? Run()
    {
        OnnxModel model = clock.Run("load", () => OnnxModelReader.Load(settings.ModelPath, origin, settings.Scheme == QuantizationScheme.None)
            .WithFixedInputs(job.FixedInputs));
        WeightFile? weights = model.HasExternalTensors
            ? new WeightFile(outputs.NewTemporaryFile(OutputNames.QuantizedModel(settings.Name)))
            : null;
        ModelOutcome? outcome = null;
        try
        {
            outcome = Run(model, weights);
            return outcome;
        }
        finally
        {
            if (outcome is null)
                weights?.Dispose();
        }
    }

    private ModelOutcome? Run(OnnxModel model, WeightFile? weights)
    {
        PreparedModel prepared = clock.Run("prepare", () => ModelPreparer.Prepare(model, origin));
        Observation observed = clock.Run("observe", () => Observation.Of(job, model, prepared, engine, problems));
        DataInspection data = Inspect(observed.Samples);

        Draft draft = Drafted(prepared.Model, observed.Facts, observed.Samples, keepsRows: RecoverySearch.NeedsRows(model, settings), problems);
        if (problems.HasErrors)
            return null;
        problems.AddRange(data.JudgeRanges(draft.Table));
        var lowBitSearch = new LowBitSearch(engine, settings, observed.Samples, cancellation);
        LowBitCodes lowBits = clock.Run("round", () => lowBitSearch.Run(model, draft));
        var search = new RecoverySearch(
            engine, settings, model, observed.Samples, weights, replay, lowBits, changed => Redrafted(changed, observed, model), cancellation);
        (draft, PrecisionPlan precision, WeightCodes codes) = clock.Run("recover", () => search.Run(draft));
        replay?.Verify(precision, origin);
        PlacementPlan placement = draft.Placement;
        QuantizedModel quantized = clock.Run("rewrite", () => ModelRewriter.Rewrite(model, draft.Model, precision, codes, settings, weights));
        EmbeddingLimit.Check(quantized.Image, settings, origin);
        FusionReport fusion = clock.Run("verify", () => FusionCheck.Check(model, quantized, placement, engine, origin, problems));

        AccuracyComparison? accuracy = clock.Run("evaluate", report =>
            new Evaluator(engine, origin).Compare(model, quantized, observed.Samples, job.Metric, report, cancellation));
        problems.AddRange(data.Judge(engine, model, accuracy?.ClassCount ?? 0));
        IReadOnlyList<NodeNoise> noise = clock.Run("inspect", () =>
            new NodeNoiseProbe(engine).Measure(draft.Model, quantized, placement, observed.Samples, origin));
        QuantizationReport report = ReportBuilder.Build(
            new ReportInputs(
                settings, engine.Identity, model, prepared with { Model = draft.Model }, draft.Facts, precision, draft.Table, codes, quantized, fusion, accuracy,
                [.. lowBitSearch.Outcomes, .. search.Outcomes], noise, CostEstimate.Relative(draft.Model.Graph, placement, draft.Facts)),
            clock);
        return new ModelOutcome(quantized.Image, report, accuracy, noise, problems.Diagnostics, weights);
    }

    private DataInspection Inspect(ModelSamples? samples) => new(
        samples, choosesRanges: settings.Scheme == QuantizationScheme.Static, (job.Calibration ?? job.Validation)?.Source.DisplayPath ?? "", origin);

    /// <summary>A changed model is placed and calibrated again; what is wrong with it has been told of the first.</summary>
    private Draft Redrafted(OnnxModel changed, Observation observed, OnnxModel original) => Drafted(
        changed,
        ShapeProbe.Observe(changed, observed.Facts, ModelSamples.First(job.Calibration!), engine),
        observed.Samples,
        RecoverySearch.NeedsRows(original, settings),
        new DiagnosticBag());

    private Draft Drafted(OnnxModel floatModel, TensorFacts facts, ModelSamples? samples, bool keepsRows, DiagnosticBag found)
    {
        PlacementPlan plan = clock.Run("place", () => PlacementPlanner.Plan(floatModel.Graph, facts, settings, origin, found));
        if (found.HasErrors)
            return new Draft(floatModel, facts, plan, new CalibrationTable(new Dictionary<string, TensorStatistics>(), 0));
        CalibrationTable table = clock.Run("calibrate", report => new Calibrator(engine, origin, settings.MemoryLimit)
            .Calibrate(floatModel, plan, facts, samples, report, cancellation, keepsRows));
        plan = clock.Run("revise", () => PlacementReviser.Revise(
            plan, floatModel.Graph, facts, table.Activations, table.NotFinite, settings, origin, found, replay is null ? null : replay.WhyFloat));
        return new Draft(floatModel, facts, plan, table);
    }
}
