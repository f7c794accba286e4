using QuantBuild.Diagnostics;
using QuantBuild.Evaluation;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Reporting;
using QuantBuild.Search;
using QuantBuild.Sensitivity;
using QuantBuild.Settings;

namespace QuantBuild;

/// <summary>Finds the form of every layer: makes and measures whole models that a search proposes, and keeps the best one that holds all limits.</summary>
/// <param name="settings">With something to search for.</param>
/// <param name="original">As the user's file has it.</param>
/// <param name="files">Keeps what was measured, so that a build that was stopped goes on.</param>
/// <param name="problems">Takes what comes up.</param>
internal sealed class LayerSearch(
    IInferenceEngine engine,
    CheckedModel job,
    QuantizationSettings settings,
    OnnxModel original,
    ModelSamples samples,
    CandidateMaker maker,
    SearchFiles files,
    DiagnosticBag problems,
    CancellationToken cancellation)
{
    /// <summary>A machine that needs so many times the budget is stopped.</summary>
    private const double MostBudgets = 3;

    /// <summary>Part of the work that is measuring layers, for the display.</summary>
    private const double ShareOfProbe = 0.2;

    private readonly SearchSettings wanted = settings.Search!;
    private readonly FloatOutputs floatOutputs = new();
    private readonly long start = TimeProvider.System.GetTimestamp();
    private readonly SearchLimits limits = new(settings.MaxModelSize, settings.MaxSlowdown);
    private readonly List<MeasuredCandidate> measured = [];
    private MadeModel? best;

    public SearchReport? Report { get; private set; }

    /// <summary>Without a limit of accuracy, the smallest model would be the worst one.</summary>
    private QuantizationObjective Objective => settings is { MaxAccuracyDrop: null, MinAccuracy: null, MaxError: null }
        ? QuantizationObjective.Accuracy
        : settings.Objective;

    /// <param name="draft">Everything in 8 bits, with what calibration showed of it.</param>
    public MadeModel Run(Draft draft, Action<double, string?> progress)
    {
        MadeModel plain = maker.Make(settings with { Search = null }, draft);
        try
        {
            return Run(plain, progress);
        }
        catch
        {
            best?.Dispose();
            plain.Dispose();
            throw;
        }
    }

    private MadeModel Run(MadeModel plain, Action<double, string?> progress)
    {
        QuantizationSettings settled = SettledSteps.Of(settings, plain);
        var layers = new SearchedLayers(plain, settled, engine, samples);
        int evaluations = SearchBudget.Evaluations(wanted.BudgetSeconds, layers.FloatNanoseconds, layers.RoundingMultiplyAdds, samples);
        if (evaluations <= 1)
            return plain;
        SensitivityTable table = layers.Measure(files, fraction => progress(ShareOfProbe * fraction, "what each layer costs"), cancellation);
        SearchProblem problem = layers.Problem(table, Objective, limits, plain.Quantized.Image.SizeBytes);
        Measured first = Measure(plain, layers.Plain(problem), expectedDrop: null, problem);
        if (measured[0].Accuracy is { } accuracy && Gate.FloatModelFails(settings, accuracy))
            return plain with { Accuracy = accuracy };
        IReadOnlyList<Measured> earlier = files.Candidates();
        foreach (Measured one in earlier)
            measured.Add(new MeasuredCandidate(one, null, null));
        ICandidateSearch search = wanted.Method == SearchMethod.Exact ? new ExactSearch() : new EvolutionarySearch(wanted.Seed);
        bool isStopped = false;
        try
        {
            search.Run(problem, [first, .. earlier], Math.Max(0, evaluations - 1 - earlier.Count), Evaluate);
        }
        catch (SearchStoppedException)
        {
            isStopped = true;
            problems.Add(DiagnosticCatalogue.SearchStopped.At(
                job.Origin with { Setting = nameof(SettingCatalogue.TimeBudget) }, job.Settings.DisplayPath, measured.Count, evaluations, $"{wanted.BudgetSeconds} s"));
        }
        SearchOutcome outcome = SearchOutcome.Of([.. measured.Select(one => one.Result)], limits, Objective);
        Measured chosen = outcome.Chosen ?? outcome.Nearest[0].Candidate;
        MadeModel kept = Kept(chosen, ReferenceEquals(chosen, first), settled, plain, layers);
        Report = new SearchReporter(settings, problem, outcome, chosen, measured, table).Report(evaluations, isStopped);
        return kept;

        Measured Evaluate(Proposal proposal)
        {
            cancellation.ThrowIfCancellationRequested();
            if (TimeProvider.System.GetElapsedTime(start).TotalSeconds > MostBudgets * wanted.BudgetSeconds)
                throw new SearchStoppedException();
            MadeModel made = Make(settled, plain, layers.ToNodes(proposal.Assignment));
            double? expected = NoiseToDrop.Fit([.. measured.Select(one => one.Result)]).Predict(proposal.Noise);
            Measured result = Measure(made, proposal, expected, problem);
            files.Keep([.. measured.Skip(1).Select(one => one.Result)]);
            progress(ShareOfProbe + ((1 - ShareOfProbe) * measured.Count / evaluations), $"{measured.Count} of {evaluations} candidates");
            return result;
        }
    }

    /// <summary>The candidate in question, made once more where it was measured by an earlier build.</summary>
    private MadeModel Kept(Measured chosen, bool isPlain, QuantizationSettings settled, MadeModel plain, SearchedLayers layers)
    {
        LayerAssignment assignment = layers.ToNodes(chosen.Proposal.Assignment);
        MadeModel kept = isPlain ? plain with { Settings = plain.Settings with { Layers = assignment }, Accuracy = measured[0].Accuracy }
            : best?.Settings.Layers?.Text == assignment.Text ? best
            : Make(settled, plain, assignment);
        if (!ReferenceEquals(kept, best))
            best?.Dispose();
        if (!isPlain)
            plain.Dispose();
        best = null;
        return kept;
    }

    private MadeModel Make(QuantizationSettings settled, MadeModel plain, LayerAssignment assignment)
    {
        QuantizationSettings tried = settled with { Layers = assignment };
        return maker.Make(tried, maker.Draft(tried, new DiagnosticBag(), plain.Draft));
    }

    /// <summary>Measures a model on the samples of the gate, and keeps it when it is the best so far.</summary>
    private Measured Measure(MadeModel made, Proposal proposal, double? expectedDrop, SearchProblem problem)
    {
        AccuracyComparison? accuracy = new Evaluator(engine, job.Origin)
            .Compare(original, made.Quantized, samples, job.Metric, _ => { }, cancellation, floatOutputs);
        var result = new Measured(
            proposal,
            made.Quantized.Image.SizeBytes,
            made.Cost,
            accuracy is null ? double.NaN : Math.Pow(10, -accuracy.SqnrDecibels / 10),
            accuracy?.Drop,
            Gate.Excess(settings, accuracy));
        measured.Add(new MeasuredCandidate(result, accuracy, expectedDrop));
        SearchOutcome outcome = SearchOutcome.Of([.. measured.Select(one => one.Result)], limits, problem.Objective);
        bool isBest = ReferenceEquals(outcome.Chosen ?? outcome.Nearest[0].Candidate, result);
        if (measured.Count == 1)
            return result;
        if (isBest)
        {
            best?.Dispose();
            best = made with { Accuracy = accuracy };
        }
        else
            made.Dispose();
        return result;
    }

    private sealed class SearchStoppedException : Exception;
}

/// <summary>A candidate with what is told of it.</summary>
/// <param name="Accuracy">Null for one that an earlier build has measured, or where nothing is measured.</param>
/// <param name="ExpectedDrop">Before it was measured; null when nothing was.</param>
internal sealed record MeasuredCandidate(Measured Result, AccuracyComparison? Accuracy, double? ExpectedDrop);
