using System.Globalization;

namespace QuantBuild.Reporting;

/// <summary>Tells what came nearest, where a search found nothing that keeps every limit.</summary>
internal static class NearMissText
{
    private const int MostNamed = 3;

    /// <returns>Null when something keeps them.</returns>
    public static string? Of(SearchReport search)
    {
        CandidateReport[] misses = [.. search.Candidates.Where(candidate => candidate.Misses is not null)];
        if (misses.Length == 0 || misses.Length < search.Candidates.Count)
            return null;
        string nearest = string.Join("; ", misses
            .OrderByDescending(candidate => candidate.Chosen)
            .ThenByDescending(candidate => candidate.OnFront)
            .ThenBy(candidate => candidate.Misses!.Split(", ").Length)
            .ThenBy(candidate => candidate.Drop ?? double.PositiveInfinity)
            .ThenBy(candidate => candidate.Bytes)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .Take(MostNamed)
            .Select(candidate => string.Create(CultureInfo.InvariantCulture, $"{candidate.Name} ({candidate.Bytes} bytes) needs {candidate.Misses}")));
        string more = search.StoppedByClock || search.Evaluations >= search.PlannedEvaluations
            ? "Allow one of these, give the search more time (TimeBudget), or more calibration data."
            : "All that is worth trying was tried within TimeBudget: allow one of these, or give more calibration data.";
        return string.Create(
            CultureInfo.InvariantCulture, $"The search measured {search.Evaluations} forms of the model, and none keeps all limits. Nearest: {nearest}. {more}");
    }
}
