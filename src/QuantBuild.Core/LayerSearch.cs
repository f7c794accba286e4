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
    private readonly SearchLimits limits = new(settings.MaxModelSize, settings.MaxSlowdown);
    private readonly List<MeasuredCandidate> measured = [];
    private MadeModel? best;

    private long start;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public SearchReport? Report { get; private set; }

    /// <summary>Without a limit of accuracy, the smallest model would be the worst one.</summary>
    private QuantizationObjective Objective => settings is { MaxAccuracyDrop: null, MinAccuracy: null, MaxError: null }
        ? QuantizationObjective.Accuracy
        : settings.Objective;

    /// <param name="draft">Everything in 8 bits, with what calibration showed of it.</param>
    public MadeModel Run(Draft draft, Action<double, string?> progress)
    {
        start = Time.GetTimestamp();
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
        AccuracyComparison? plainAccuracy = Compare(plain);
        if (evaluations <= 1 || (plainAccuracy is not null && Gate.FloatModelFails(settings, plainAccuracy)))
            return plain with { Accuracy = plainAccuracy };
        SensitivityTable table = layers.Measure(files, fraction => progress(ShareOfProbe * fraction, "what each layer costs"), cancellation);
        SearchProblem problem = layers.Problem(table, Objective, limits, plain.Quantized.Image.SizeBytes);
        Measured first = Noted(plain, plainAccuracy, layers.Plain(problem), expectedDrop: null);
        Measured[] earlier = [.. files.Candidates().Where(problem.Has)];
        foreach (Measured one in earlier)
            measured.Add(new MeasuredCandidate(one, null, null));
        ICandidateSearch search = wanted.Method == SearchMethod.Exact ? new ExactSearch() : new EvolutionarySearch(wanted.Seed);
        bool isStopped = false;
        try
        {
            search.Run(problem, [first, .. earlier], Math.Max(0, evaluations - 1 - earlier.Length), Evaluate);
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
            if (Time.GetElapsedTime(start).TotalSeconds > MostBudgets * wanted.BudgetSeconds)
                throw new SearchStoppedException();
            MadeModel made = FormedLayers.Make(maker, settled, plain, layers.ToNodes(proposal.Assignment));
            double? expected = NoiseToDrop.Fit([.. measured.Select(one => one.Result)]).Predict(proposal.Noise);
            AccuracyComparison? accuracy = Compare(made);
            Measured result = Noted(made, accuracy, proposal, expected);
            KeepIfBest(made, accuracy, result, problem);
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
            : FormedLayers.Make(maker, settled, plain, assignment);
        if (!ReferenceEquals(kept, best))
            best?.Dispose();
        if (!isPlain)
            plain.Dispose();
        best = null;
        return kept;
    }

    /// <summary>On the samples of the gate.</summary>
    private AccuracyComparison? Compare(MadeModel made) =>
        new Evaluator(engine, job.Origin).Compare(original, made.Quantized, samples, job.Metric, _ => { }, cancellation, floatOutputs);

    private Measured Noted(MadeModel made, AccuracyComparison? accuracy, Proposal proposal, double? expectedDrop)
    {
        var result = new Measured(
            proposal,
            made.Quantized.Image.SizeBytes,
            made.Cost,
            accuracy is null ? double.NaN : Math.Pow(10, -accuracy.SqnrDecibels / 10),
            accuracy?.Drop,
            Gate.Excess(settings, accuracy));
        measured.Add(new MeasuredCandidate(result, accuracy, expectedDrop));
        return result;
    }

    private void KeepIfBest(MadeModel made, AccuracyComparison? accuracy, Measured result, SearchProblem problem)
    {
        SearchOutcome outcome = SearchOutcome.Of([.. measured.Select(one => one.Result)], limits, problem.Objective);
        if (!ReferenceEquals(outcome.Chosen ?? outcome.Nearest[0].Candidate, result))
        {
            made.Dispose();
            return;
        }
        best?.Dispose();
        best = made with { Accuracy = accuracy };
    }

    private sealed class SearchStoppedException : Exception;
}

/// <summary>A candidate with what is told of it.</summary>
/// <param name="Accuracy">Null for one that an earlier build has measured, or where nothing is measured.</param>
/// <param name="ExpectedDrop">Before it was measured; null when nothing was.</param>
internal sealed record MeasuredCandidate(Measured Result, AccuracyComparison? Accuracy, double? ExpectedDrop);
