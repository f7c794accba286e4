using System.Text.Json.Serialization;
using QuantBuild.Caching;
using QuantBuild.Diagnostics;
using QuantBuild.Evaluation;
using QuantBuild.Execution;
using QuantBuild.Generation;
using QuantBuild.Locking;
using QuantBuild.Onnx;
using QuantBuild.Placement.Costs;
using QuantBuild.Providers;
using QuantBuild.Reporting;
using QuantBuild.Rewriting;
using QuantBuild.Settings;

namespace QuantBuild;

/// <summary>What is done for a project: classes in every build, models when content has changed. <see cref="ModelQuantizer"/> holds the stages.</summary>
internal sealed class QuantizationPipeline(IInferenceEngine engine, IProgress<StageProgress> progress)
{
    /// <summary>Searches are stopped by it.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Of searches that draw at random; another one than 0 must not meet a cache.</summary>
    public long Seed { get; init; }

    /// <summary>Checks the whole project and writes the generated classes. Needs milliseconds; runs in every build, in the IDE too.</summary>
    public ProjectResult Generate(ProjectRequest request, CancellationToken cancellation)
    {
        var problems = new DiagnosticBag();
        var outputs = new OutputFolder(request.OutputDirectory);
        var results = new List<ModelResult>();
        var unnamed = new List<Diagnostic>();
        foreach (CheckedModel model in ProjectCheck.Check(request, problems))
        {
            cancellation.ThrowIfCancellationRequested();
            string name = model.Settings.Name;
            if (model is { Classifier: null, Classes: { } classes } && !problems.HasErrors)
                unnamed.Add(Classifier.WhyNone(
                    model.Signature,
                    classes.Names,
                    model.Settings.Item ?? model.Settings.DisplayPath,
                    new DiagnosticOrigin(model.Settings.Item ?? model.Settings.DisplayPath, nameof(QuantizationSettings.Labels))));
            results.Add(new ModelResult(model.Settings.DisplayPath, name));
            if (LoaderGenerator.For(request.Language) is not { } generator)
            {
                problems.Add(DiagnosticCatalogue.UnsupportedLanguage.At(model.Origin, request.Language, OutputNames.LogicalName(name)));
                continue;
            }
            new GeneratedSources(generator, outputs, model, ModelVariant.FamilyOf(request, model.Settings.Family)).WriteClass();
        }
        problems.AddRange(unnamed.Distinct());
        return new ProjectResult(problems.Diagnostics, results);
    }

    /// <summary>Quantizes the models of the project that are not current, checks their accuracy, writes models and reports, and holds everything
    /// against the lock file.</summary>
    public ProjectResult Quantize(ProjectRequest request, CancellationToken cancellation)
    {
        var problems = new DiagnosticBag();
        var outputs = new OutputFolder(request.OutputDirectory);
        var results = new List<ModelResult>();
        BuildSettings build = BuildSettings.Of(request);
        ProjectLock? projectLock = ProjectLock.Open(request, build, problems);
        IReadOnlyList<CheckedModel> models = ProjectCheck.Check(request with { Models = AddCurrent(request, outputs, projectLock) }, problems);
        foreach (CheckedModel model in models)
            model.Provided?.Check(model, problems);
        if (problems.HasErrors)
            return new ProjectResult(problems.Diagnostics, results);

        foreach (CheckedModel model in models)
        {
            var found = new DiagnosticBag();
            try
            {
                if (Quantize(model, request, build, projectLock, outputs, found, cancellation) is { } result)
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
        if (!problems.HasErrors)
            projectLock?.Close(problems, cancellation);
        return new ProjectResult(problems.Diagnostics, results);
    }

    /// <returns>The models that have to be quantized.</returns>
    private static List<ModelRequest> AddCurrent(ProjectRequest request, OutputFolder outputs, ProjectLock? projectLock)
    {
        var stale = new List<ModelRequest>();
        foreach (ModelRequest model in request.Models)
        {
            LockEntry? entry = model.IsCurrent ? LockEntryFile.Read(outputs.PathOf(OutputNames.LockEntry(model.Name))) : null;
            if (entry is null || projectLock?.HasOtherChoices(model.Id, entry) == true)
                stale.Add(model);
            else
                projectLock?.Add(model.Id, entry);
        }
        return stale;
    }

    /// <returns>Null when the settings turned out to name what the model does not have.</returns>
    private ModelResult? Quantize(
        CheckedModel job,
        ProjectRequest request,
        BuildSettings build,
        ProjectLock? projectLock,
        OutputFolder outputs,
        DiagnosticBag problems,
        CancellationToken cancellation)
    {
        var time = new StageClock(job.Settings.Name, progress, TimeProvider.System);
        var notes = new List<string>();
        ModelInputs inputs = time.Run("hash", () => ModelInputs.Of(job));
        projectLock?.RefuseOtherInputs(job, inputs);
        Replay? replay = projectLock?.ReplayFor(job, inputs, engine.Identity.ProcessorClass);
        LayerAssignment? layers = projectLock?.LayersFor(job, inputs);
        MachineKernels? kernels = projectLock?.KernelsFor(job, inputs);
        CacheKey ofSearch = inputs.KeyFor(job.Settings, engine.Identity, Followed(replay, kernels));
        CacheKey key = layers is null
            ? ofSearch
            : inputs.KeyFor(job.Settings, engine.Identity, ContentHash.OfText($"{Followed(replay, kernels)}\n{layers.Text}"));
        ResultCache? cache = CacheOf(build, notes);
        using IDisposable? turn = cache?.Lock(key, cancellation);
        using ModelOutcome? cached = cache?.Find(key, folder => OutcomeFiles.Read(folder, job))
            ?? (layers is null ? null : cache?.Find(ofSearch, folder => WithLayers(OutcomeFiles.Read(folder, job), layers)));
        using ModelOutcome? fresh = cached is null ? Compute() : null;
        if ((cached ?? fresh) is not { } outcome)
            return null;

        cancellation.ThrowIfCancellationRequested();
        EmbeddingLimit.Check(outcome.Image, job.Settings, job.Origin);
        if (outcome.Accuracy is { Metric: AccuracyMetric.Custom } measured)
            MetricLimits.CheckCustom(job.Settings, measured.IsLowerBetter, job.Origin);
        var footprint = new FootprintGate(job.Settings, outcome.Report.Size.QuantizedBytes, outcome.Report.Kernels.EstimatedCost);
        bool passed = Gate.Passes(job.Settings, outcome.Accuracy) && footprint.Passes;
        QuantizationReport report = ReportBuilder.ForProject(outcome.Report, job.Settings, passed, fromCache: cached is not null);
        WrittenModel written = ModelOutputs.Write(outputs, job.Settings, outcome, report, passed);
        if (LoaderGenerator.For(request.Language) is { } generator)
        {
            new GeneratedSources(generator, outputs, job, ModelVariant.FamilyOf(request, job.Settings.Family))
                .WriteMetadata(passed ? Measurements.Of(job.Settings, inputs, outcome, written) : ModelMeasurements.None);
        }
        LockEntry entry = ProjectLock.EntryOf(job, inputs, report, written.Hash, engine.Identity.ProcessorClass, replay);
        outputs.Write(OutputNames.LockEntry(job.Settings.Name), LockEntryFile.ToBytes(entry));
        projectLock?.Add(job.Settings.DisplayPath, entry);
        problems.AddRange(outcome.Findings);
        problems.AddRange(Gate.Judge(
            job.Settings,
            outcome.Accuracy,
            Explanation.Of(outcome.Accuracy, outcome.Noise, passed ? null : outputs.PathOf(OutputNames.RejectedModel(job.Settings.Name)), AdviceOf(outcome)),
            job.Origin));
        problems.AddRange(footprint.Judge(job.Origin));
        return new ModelResult(job.Settings.DisplayPath, job.Settings.Name)
        {
            Summary = Summary.Of(report, time.Elapsed),
            Notes = [.. notes, .. Summary.OfSlices(outcome.Accuracy)],
            Inputs = cached is not null || inputs.AreUnchanged() ? inputs.Files : null,
        };

        // What a search has found before counts where the lock file says the same.
        static ModelOutcome? WithLayers(ModelOutcome outcome, LayerAssignment layers)
        {
            if (outcome.Report.Layers is { } made && made.Count == layers.Forms.Count && layers.Forms.All(form => made.GetValueOrDefault(form.Key) == form.Value.Code))
                return outcome;
            outcome.Dispose();
            return null;
        }

        string? AdviceOf(ModelOutcome refused) =>
            refused.Report.Search is { } search ? NearMissText.Of(search)
            : refused.Exclusion is { } findings ? new ExclusionText(job.Settings, findings, refused.Report.Size.QuantizedBytes).Write()
            : null;

        ModelOutcome? Compute()
        {
            using SampleProvider? provider = job.Provided is { } data ? SampleProvider.Open(data.Provider, ProvidedData.OriginIn(job)) : null;
            CheckedModel? bound = provider is null ? job : job.Provided!.Bind(job, provider, problems, cancellation);
            if (bound is null)
                return null;
            if (bound.Settings.Search is { } search)
                bound = bound with { Settings = bound.Settings with { Search = search with { Seed = Seed } } };
            if (layers is not null)
            {
                notes.Add($"the lock file says what each layer becomes, so that nothing is searched ({layers.Forms.Count} layers)");
                bound = bound with { Settings = bound.Settings with { Layers = layers, Search = null } };
            }
            if (job.Settings.TargetProfile == TargetProfile.Machine)
            {
                if (kernels is not null)
                    notes.Add("the lock file says how fast the kernels of the machine are, so that nothing is timed");
                kernels ??= time.Run("time kernels", () => new MachineProbe(engine, TimeProvider.System).Measure(cancellation));
                bound = bound with { Settings = bound.Settings with { MachineKernels = kernels } };
            }
            var files = new SearchFiles(
                outputs, job.Settings.Name, inputs.KeyFor(job.Settings.WithoutLimits(), engine.Identity, Followed(replay, kernels)).Id, key.Id);
            var quantizer = new ModelQuantizer(engine, progress, bound, replay, outputs, files, cancellation) { Time = Time };
            ModelOutcome? outcome = null;
            try
            {
                outcome = quantizer.Run();
            }
            finally
            {
                if (outcome is null)
                    problems.AddRange(quantizer.Findings);
            }
            if (outcome is null)
                return null;
            notes.AddRange(quantizer.Notes);
            if (cache is not null && inputs.AreUnchanged())
                cache.Publish(key, folder => OutcomeFiles.Write(outcome, job, folder));
            else if (cache is not null)
                notes.Add("not put into the cache: an input changed meanwhile");
            return outcome;
        }
    }

    /// <summary>Hash of choices that are not made but repeated; empty when all are made.</summary>
    private static string Followed(Replay? replay, MachineKernels? kernels) => kernels is null
        ? replay?.Id ?? ""
        : ContentHash.OfText($"{replay?.Id}\n{kernels.Text}");

    private static ResultCache? CacheOf(BuildSettings build, List<string> notes)
    {
        string? directory = build.CacheDirectory is "" ? CacheLocation.Default() : build.CacheDirectory;
        if (directory is null)
            notes.Add("there is no cache");
        return directory is null ? null : new ResultCache(directory, build.CacheSizeLimit, notes.Add);
    }
}

/// <param name="Model">Name of the model's outputs.</param>
/// <param name="Stage">What is being done: <c>calibrate</c>.</param>
/// <param name="Fraction">0 to 1 within the stage.</param>
/// <param name="Detail">What the fraction counts: <c>5 of 12 candidates</c>; null when it needs no words.</param>
internal sealed record StageProgress(
    string Model, string Stage, double Fraction, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Detail = null);

/// <summary>What a run gives back to who asked. It succeeded when no diagnostic is an error.</summary>
internal sealed record ProjectResult(IReadOnlyList<Diagnostic> Diagnostics, IReadOnlyList<ModelResult> Models)
{
    public bool Succeeded => Diagnostics.All(diagnostic => diagnostic.Severity != DiagnosticSeverity.Error);
}

/// <param name="Include">The item's <c>Include</c>.</param>
internal sealed record ModelResult(string Include, string Name)
{
    /// <summary>One line for people; null when only code was generated.</summary>
    public string? Summary { get; init; }

    /// <summary>Where the result came from, for the log.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The files that were read; null when one of them changed meanwhile, or only code was generated.</summary>
    public IReadOnlyList<InputFile>? Inputs { get; init; }
}
