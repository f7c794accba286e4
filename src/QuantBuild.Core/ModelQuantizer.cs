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
/// <param name="files">What an earlier search has measured.</param>
internal sealed class ModelQuantizer(
    IInferenceEngine engine, IProgress<StageProgress> progress, CheckedModel job, Replay? replay, OutputFolder outputs, SearchFiles files, CancellationToken cancellation)
{
    /// <summary>A larger model is made once, with everything in 8 bits: candidates would take too long.</summary>
    private const long MostBytesOfSearch = 512L << 20;

    private readonly QuantizationSettings settings = replay?.Settle(job.Settings) ?? job.Settings;
    private readonly IInferenceEngine engine = job.Settings.LowBits.IsOn ? new PartedEngine(engine) : engine;
    private readonly DiagnosticOrigin origin = job.Origin;
    private readonly DiagnosticBag problems = new();
    private SearchReport? found;
    private readonly StageClock clock = new(job.Settings.Name, progress, TimeProvider.System);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>What came up, errors too.</summary>
    public IReadOnlyList<Diagnostic> Findings => problems.Diagnostics;

    /// <summary>For the log: what was tried after the gate had refused the model; empty when nothing was.</summary>
    public IReadOnlyList<string> Notes { get; private set; } = [];

    /// <returns>Null when the settings turned out to name what the model does not have.</returns>
    public ModelOutcome? Run()
    {
        if (settings.MachineKernels is { IsRecorded: false })
            problems.Add(DiagnosticCatalogue.KernelsTimed.At(
                origin with { Setting = nameof(SettingCatalogue.TargetProfile) }, settings.DisplayPath, SettingCatalogue.TargetProfile.Name, settings.TargetProfile));
        OnnxModel model = clock.Run("load", () => OnnxModelReader.Load(settings.ModelPath, origin, settings.Scheme == QuantizationScheme.None)
            .WithFixedInputs(job.FixedInputs));
        PreparedModel prepared = clock.Run("prepare", () => ModelPreparer.Prepare(model, origin));
        Observation observed = clock.Run("observe", () => Observation.Of(job, model, prepared, engine, problems));
        DataInspection data = Inspect(observed.Samples);

        var maker = new CandidateMaker(engine, job, model, prepared, observed, replay, outputs, clock, cancellation);
        Draft draft = maker.Draft(settings with { Layers = null }, problems);
        if (problems.HasErrors)
            return null;
        problems.AddRange(data.JudgeRanges(draft.Table));
        MadeModel made = Made(maker, draft, model, observed);
        try
        {
            ModelOutcome outcome = Finish(made, model, prepared, observed, data);
            return ExclusionTrial.IsFor(made.Settings, outcome.Accuracy)
                ? outcome with { Exclusion = Excluded(maker, draft, made, outcome, model, observed) }
                : outcome;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    /// <summary>The form that the settings name, or the best one that there is time to find.</summary>
    private MadeModel Made(CandidateMaker maker, Draft draft, OnnxModel model, Observation observed)
    {
        if (settings.Layers is not null && observed.Samples is { } samples)
            return FormedLayers.Again(maker, settings, draft, engine, samples);
        if (settings.Search is null || observed.Samples is null || model.SizeBytes > MostBytesOfSearch)
            return maker.Make(settings, draft);
        var search = new LayerSearch(engine, job, settings, model, observed.Samples, maker, files, problems, cancellation) { Time = Time };
        MadeModel best = clock.RunWhole("search", report => search.Run(draft, report));
        found = search.Report;
        return best;
    }

    private ModelOutcome Finish(MadeModel made, OnnxModel model, PreparedModel prepared, Observation observed, DataInspection data)
    {
        (Draft draft, QuantizedModel quantized) = (made.Draft, made.Quantized);
        FusionReport fusion = clock.Run("verify", () => FusionCheck.Check(model, quantized, draft.Placement, engine, origin, problems));
        AccuracyComparison? accuracy = made.Accuracy ?? clock.Run("evaluate", report =>
            new Evaluator(engine, origin).Compare(model, quantized, observed.Samples, job.Metric, report, cancellation));
        problems.AddRange(data.Judge(engine, model, accuracy?.ClassCount ?? 0));
        IReadOnlyList<NodeNoise> noise = clock.Run("inspect", () =>
            new NodeNoiseProbe(engine).Measure(draft.Model, quantized, draft.Placement, observed.Samples, origin));
        QuantizationReport report = ReportBuilder.Build(
            new ReportInputs(
                made.Settings, engine.Identity, model, prepared with { Model = draft.Model }, draft.Facts, made.Precision, draft.Table, made.Codes, quantized, fusion, accuracy,
                made.Recovery, noise, made.Cost, found),
            clock);
        return new ModelOutcome(quantized.Image, report, accuracy, noise, problems.Diagnostics, made.Weights);
    }

    private ExclusionFindings? Excluded(CandidateMaker maker, Draft draft, MadeModel made, ModelOutcome outcome, OnnxModel model, Observation observed)
    {
        if (observed.Samples is null || replay is not null)
            return null;
        TimeSpan before = clock.Elapsed;
        var trial = new ExclusionTrial(engine, job, made.Settings, model, observed.Samples, maker, cancellation);
        ExclusionFindings? findings = clock.RunWhole("advise", report => trial.Run(draft, made, outcome.Noise, report));
        if (findings is not null)
            Notes = [ExclusionText.Note(findings, clock.Elapsed - before)];
        return findings;
    }

    private DataInspection Inspect(ModelSamples? samples) => new(
        samples, choosesRanges: settings.Scheme == QuantizationScheme.Static, (job.Calibration ?? job.Validation)?.Source.DisplayPath ?? "", origin);
}
