using System.Globalization;
using QuantBuild.Reporting;

namespace QuantBuild.Cli.Rendering;

/// <summary>The forms of a model that were tried, the smallest first.</summary>
internal static class SearchText
{
    public static void Write(TextWriter writer, SearchReport? search)
    {
        if (search is null)
        {
            writer.WriteLine("Nothing was searched: the settings leave one form of the model.");
            return;
        }
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{search.Evaluations} of {search.PlannedEvaluations} planned candidates measured ({search.Method}, {search.Profile}){(search.StoppedByClock ? ", stopped by the clock" : "")}:"));
        var table = new TextTable("", "candidate", " size", " cost", " SQNR", " drop", "limits", "forms");
        foreach (CandidateReport candidate in search.Candidates.OrderBy(candidate => candidate.Bytes).ThenBy(candidate => candidate.Name, StringComparer.Ordinal))
        {
            table.Add(
                candidate.Chosen ? ">" : candidate.OnFront ? "*" : "",
                candidate.Name,
                Figures.Bytes(candidate.Bytes),
                Figures.Fixed(candidate.EstimatedCost, 2),
                candidate.SqnrDecibels is { } decibels ? Figures.Decibels(decibels) : "-",
                candidate.Drop is { } drop ? Figures.Number(drop) : "-",
                candidate.Fits ? "kept" : candidate.Misses ?? "missed",
                string.Join(", ", candidate.Forms.OrderBy(form => form.Key, StringComparer.Ordinal).Select(form => $"{form.Value} x {form.Key}")));
        }
        table.Write(writer);
        writer.WriteLine("  > is what was made; * is as good as any other in size, cost or accuracy.");
    }
}
