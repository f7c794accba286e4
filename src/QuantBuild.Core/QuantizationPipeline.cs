using System.Text;
using QuantBuild.Calibration;
using QuantBuild.Diagnostics;
using QuantBuild.Evaluation;
using QuantBuild.Execution;
using QuantBuild.Generation;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Precision;
using QuantBuild.Preparation;
using QuantBuild.Reconstruction;
using QuantBuild.Reporting;
using QuantBuild.Rewriting;
using QuantBuild.Settings;

namespace QuantBuild;

/// <summary>The table of contents: every stage once, in order.</summary>
internal sealed class QuantizationPipeline(IInferenceEngine engine, IProgress<StageProgress> progress)
{
    /// <summary>Checks the whole project and writes the generated classes. Needs milliseconds; runs in every build, in the IDE too.</summary>
    public ProjectResult Generate(ProjectRequest request, CancellationToken cancellation)
    {
        var problems = new DiagnosticBag();
        var outputs = new OutputFolder(request.OutputDirectory);
        var results = new List<ModelResult>();
        foreach (CheckedModel model in ProjectCheck.Check(request, problems))
        {
            cancellation.ThrowIfCancellationRequested();
            string name = model.Settings.Name;
            results.Add(new ModelResult(model.Settings.DisplayPath, name, Summary: null));
            if (LoaderGenerator.For(request.Language) is not { } generator)
            {
                problems.Add(DiagnosticCatalogue.UnsupportedLanguage.At(model.Origin, request.Language, OutputNames.LogicalName(name)));
                continue;
            }
            string storedAs = model.Settings.Embed ? OutputNames.LogicalName(name) : OutputNames.QuantizedModel(name);
            string source = generator.Generate(new LoaderModel(model.Signature, model.SourceOpset, model.Settings, storedAs));
            outputs.Write(OutputNames.GeneratedCode(name, generator.Extension), Encoding.UTF8.GetBytes(source));
        }
        return new ProjectResult(problems.Diagnostics, results);
    }

    /// <summary>Quantizes every model of the project, checks its accuracy, and writes model and report.</summary>
    public ProjectResult Quantize(ProjectRequest request, CancellationToken cancellation)
    {
        var problems = new DiagnosticBag();
        var outputs = new OutputFolder(request.OutputDirectory);
        var results = new List<ModelResult>();
        IReadOnlyList<CheckedModel> models = ProjectCheck.Check(request, problems);
        if (problems.HasErrors)
            return new ProjectResult(problems.Diagnostics, results);

        foreach (CheckedModel model in models)
        {
            var found = new DiagnosticBag();
            try
            {
                if (Quantize(model, outputs, found, cancellation) is { } result)
                    results.Add(result);
            }
            catch (QuantBuildException exception)
            {
                found.Add(exception.Diagnostic);
            }
            catch (InferenceException exception)
            {
                found.Add(DiagnosticCatalogue.ModelDoesNotRun.At(model.Origin, model.Settings.DisplayPath, exception.Message));
            }
            problems.AddRange(found.Diagnostics);
        }
        return new ProjectResult(problems.Diagnostics, results);
    }

    /// <returns>Null when the settings turned out to name what the model does not have.</returns>
    private ModelResult? Quantize(CheckedModel job, OutputFolder outputs, DiagnosticBag problems, CancellationToken cancellation)
    {
        QuantizationSettings settings = job.Settings;
        DiagnosticOrigin origin = job.Origin;
        var clock = new StageClock(settings.Name, progress, TimeProvider.System);

        OnnxModel model = clock.Run("load", () => OnnxModelReader.Load(settings.ModelPath, origin, settings.Scheme == QuantizationScheme.None)
            .WithFixedInputs(job.FixedInputs));
        using WeightFile? weights = model.HasExternalTensors
            ? new WeightFile(outputs.NewTemporaryFile(OutputNames.QuantizedModel(settings.Name)))
            : null;
        PreparedModel prepared = clock.Run("prepare", () => ModelPreparer.Prepare(model, origin));
        RuntimeRequirement.Check(prepared.Model, engine.Version, origin);
        Observation observed = clock.Run("observe", () => Observation.Of(job, model, prepared, engine, problems));

        Draft draft = Drafted(prepared.Model, observed.Facts, problems);
        if (problems.HasErrors)
            return null;
        var search = new RecoverySearch(engine, settings, model, observed.Samples, weights, changed =>
            Drafted(changed, ShapeProbe.Observe(changed, observed.Facts, ModelSamples.First(job.Calibration!), engine), new DiagnosticBag()),
            cancellation);
        (draft, PrecisionPlan precision, WeightCodes codes) = clock.Run("recover", () => search.Run(draft));
        PlacementPlan placement = draft.Placement;
        QuantizedModel quantized = clock.Run("rewrite", () => ModelRewriter.Rewrite(model, draft.Model, precision, codes, settings, weights));
        EmbeddingLimit.Check(quantized.Image, settings, origin);
        FusionReport fusion = clock.Run("verify", () => FusionCheck.Check(model, quantized, placement, engine, origin, problems));

        AccuracyComparison? accuracy = clock.Run("evaluate", report =>
            new Evaluator(engine, origin).Compare(model, quantized, observed.Samples, settings.Metric, report, cancellation));
        IReadOnlyList<NodeNoise> noise = clock.Run("inspect", () =>
            new NodeNoiseProbe(engine).Measure(draft.Model, quantized, placement, observed.Samples, origin));
        bool passed = Gate.Passes(settings, accuracy);

        QuantizationReport reported = ReportBuilder.Build(
            new ReportInputs(
                settings, engine.Version, model, prepared with { Model = draft.Model }, draft.Facts, precision, draft.Table, codes, quantized, fusion, accuracy,
                search.Outcomes, noise, passed),
            clock);
        ModelOutputs.Write(outputs, settings, quantized.Image, weights, reported, passed);
        problems.AddRange(Gate.Judge(
            settings, accuracy, Explanation.Of(accuracy, noise, passed ? null : outputs.PathOf(OutputNames.RejectedModel(settings.Name))), origin));
        return new ModelResult(settings.DisplayPath, settings.Name, Summary.Of(reported, clock.Elapsed));

        Draft Drafted(OnnxModel floatModel, TensorFacts facts, DiagnosticBag found)
        {
            PlacementPlan plan = clock.Run("place", () => PlacementPlanner.Plan(floatModel.Graph, facts, settings, origin, found));
            if (found.HasErrors)
                return new Draft(floatModel, facts, plan, new CalibrationTable(new Dictionary<string, TensorStatistics>(), 0));
            CalibrationTable table = clock.Run("calibrate", report => new Calibrator(engine, origin, settings.MemoryLimit)
                .Calibrate(floatModel, plan, facts, observed.Samples, report, cancellation, keepsRows: RecoverySearch.NeedsRows(model, settings)));
            plan = clock.Run("revise", () => PlacementReviser.Revise(
                plan, floatModel.Graph, facts, table.Activations, table.NotFinite, settings, origin, found));
            return new Draft(floatModel, facts, plan, table);
        }
    }
}

/// <param name="Model">Name of the model's outputs.</param>
/// <param name="Stage">What is being done: <c>calibrate</c>.</param>
/// <param name="Fraction">0 to 1 within the stage.</param>
internal sealed record StageProgress(string Model, string Stage, double Fraction);

/// <summary>What a run gives back to who asked. It succeeded when no diagnostic is an error.</summary>
internal sealed record ProjectResult(IReadOnlyList<Diagnostic> Diagnostics, IReadOnlyList<ModelResult> Models)
{
    public bool Succeeded => Diagnostics.All(diagnostic => diagnostic.Severity != DiagnosticSeverity.Error);
}

/// <param name="Include">The item's <c>Include</c>.</param>
/// <param name="Summary">One line for people; null when only code was generated.</param>
internal sealed record ModelResult(string Include, string Name, string? Summary);
