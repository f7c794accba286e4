using System.Text.Json;

namespace QuantBuild.Benchmarks.Searches;

/// <summary>What the report of a file tells of the search for it.</summary>
internal static class SearchedFile
{
    private const double PointsPerUnit = 100;

    /// <param name="row">With the path of a file whose report is beside it.</param>
    public static SearchesRow Read(SearchesRow row)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(System.IO.Path.ChangeExtension(row.Path!, ".report.json")));
        if (!document.RootElement.TryGetProperty("search", out JsonElement search))
            return row with { Error = "nothing was searched" };
        JsonElement[] candidates = [.. search.GetProperty("candidates").EnumerateArray()];
        JsonElement chosen = candidates.Single(candidate => candidate.GetProperty("chosen").GetBoolean());
        double[] errors =
        [
            .. candidates.Select(candidate => Number(candidate, "predictedDrop") - Number(candidate, "drop")).OfType<double>()
                .Select(difference => PointsPerUnit * Math.Abs(difference)),
        ];
        return row with
        {
            PredictedDropPoints = PointsPerUnit * Number(chosen, "predictedDrop"),
            Evaluations = search.GetProperty("evaluations").GetInt32(),
            Forms = chosen.GetProperty("forms").EnumerateObject().ToDictionary(form => form.Name, form => form.Value.GetInt32()),
            PredictionErrorPoints = errors.Length > 0 ? errors.Average() : null,
            Error = search.GetProperty("stoppedByClock").GetBoolean() ? "the clock ended the search" : row.Error,
        };
    }

    private static double? Number(JsonElement candidate, string name) =>
        candidate.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
