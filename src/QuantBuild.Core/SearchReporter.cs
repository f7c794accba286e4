using System.Globalization;
using QuantBuild.Evaluation;
using QuantBuild.Reporting;
using QuantBuild.Search;
using QuantBuild.Sensitivity;
using QuantBuild.Settings;

namespace QuantBuild;

/// <summary>Tells what a search has tried.</summary>
internal sealed class SearchReporter(
    QuantizationSettings settings, SearchProblem problem, SearchOutcome outcome, Measured chosen, IReadOnlyList<MeasuredCandidate> measured, SensitivityTable table)
{
    private const int Places = 5;

    /// <param name="planned">Candidates that the budget allows.</param>
    public SearchReport Report(int planned, bool isStopped) => new(
        settings.TargetProfile.ToString(),
        settings.Search!.Method.ToString(),
        planned,
        measured.Count,
        isStopped,
        Math.Round(table.FloatPasses, 2),
        [.. measured.Select(Candidate)],
        [
            .. from entry in table.Entries
               let layer = problem.Layers.First(layer => layer.Layer == entry.Layer)
               let option = layer.Options.FirstOrDefault(option => option.Form.Code == entry.Form)
               where option is not null && option.Form != LayerForm.Float32
               select new SensitivityReport(entry.Layer, option.Form.ToString(), Decibels(entry.Noise), option.Bytes, entry.Measured),
        ]);

    private CandidateReport Candidate(MeasuredCandidate candidate, int index)
    {
        Measured result = candidate.Result;
        AccuracyComparison? accuracy = candidate.Accuracy;
        return new CandidateReport(
            index == 0 ? "8 bits" : $"candidate {index}",
            result.Bytes,
            Math.Round(result.Cost, Places),
            Decibels(result.Proposal.Noise),
            Decibels(result.Noise),
            result.Drop,
            accuracy is null ? null : [Finite(accuracy.DropLow), Finite(accuracy.DropHigh)],
            result.Fits(problem.Limits),
            outcome.Front.Contains(result),
            ReferenceEquals(result, chosen),
            result.Proposal.Assignment.Counts,
            Misses(result, accuracy))
        {
            PredictedDrop = candidate.ExpectedDrop is { } expected && double.IsFinite(expected) ? Math.Round(expected, Places) : null,
        };
    }

    /// <returns>Null when every limit is kept.</returns>
    private string? Misses(Measured result, AccuracyComparison? accuracy)
    {
        NearMiss miss = NearMiss.Of(result, problem.Limits);
        string[] parts =
        [
            .. miss.Excess > 0 ? [accuracy is null ? string.Create(CultureInfo.InvariantCulture, $"{miss.Excess:G4} less drop") : $"{accuracy.Text.Difference(miss.Excess)} less drop"] : Array.Empty<string>(),
            .. miss.Bytes > 0 ? [string.Create(CultureInfo.InvariantCulture, $"{miss.Bytes} bytes less")] : Array.Empty<string>(),
            .. miss.Cost > 0 ? [string.Create(CultureInfo.InvariantCulture, $"{miss.Cost:0.###} less of the float model's time")] : Array.Empty<string>(),
        ];
        return parts.Length == 0 ? null : string.Join(", ", parts);
    }

    private static double? Decibels(double noise) => noise > 0 && double.IsFinite(noise) ? Math.Round(-10 * Math.Log10(noise), 2) : null;

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
