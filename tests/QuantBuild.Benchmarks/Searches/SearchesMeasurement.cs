using System.Globalization;
using QuantBuild.Benchmarks.Builds;
using QuantBuild.Benchmarks.Models;
using QuantBuild.Benchmarks.Rivals;
using QuantBuild.Settings;

namespace QuantBuild.Benchmarks.Searches;

/// <summary>All rows of one model: what was searched, the files of one scheme, and the best of the other tools within every limit.</summary>
internal sealed class SearchesMeasurement(BenchModel model, SearchesOptions options)
{
    /// <summary>Sessions that are open at a time.</summary>
    private const int MostRacers = 8;

    private const double PointsPerUnit = 100;

    private static readonly QuantizationObjective[] Objectives = [QuantizationObjective.Size, QuantizationObjective.Latency];

    private static readonly double[] LimitsInPoints = [0.5, 1];

    private readonly FileJudge judge = new(model);

    /// <param name="progress">Takes what there is so far: searches take minutes.</param>
    public IReadOnlyList<SearchesRow> Measure(Action<IReadOnlyList<SearchesRow>> progress)
    {
        var rows = new List<SearchesRow>();
        foreach (QuantizationObjective objective in Objectives)
            foreach (double limit in LimitsInPoints)
                foreach (string method in Methods(objective, limit))
                    Add(Search(objective, limit, method));
        for (int seed = 1; seed <= options.Seeds && options.IsEvolutionary; seed++)
            Add(SearchWithSeed(seed));
        foreach ((string tool, IReadOnlyDictionary<string, string> settings) in SearchesRecipes.All)
            Add(Pure(tool, settings));
        List<SearchesRow> rivals =
        [
            .. model.AllRivals().Select(path => Judged(Row(null, null, Path.GetFileNameWithoutExtension(path)) with { Path = path })),
        ];
        if (!options.IsQuick)
        {
            rivals.RemoveAll(row => !row.Keeps(LimitsInPoints.Max()));
            Race(rows, rivals);
        }
        rows.AddRange(
            from objective in Objectives
            from limit in LimitsInPoints
            let best = rivals.Where(row => row.Keeps(limit)).MinBy(row => row.Value(objective))
            where best?.Value(objective) is not null
            select best with { Objective = objective, LimitPoints = limit });
        return rows;

        void Add(SearchesRow row)
        {
            rows.Add(row);
            progress(rows);
        }
    }

    /// <summary>What two ways of searching find at the same cost is told by the searches for size within the first limit.</summary>
    private IEnumerable<string> Methods(QuantizationObjective objective, double limit) =>
        options.IsExact ? [SearchesRow.Exact]
        : objective == QuantizationObjective.Size && limit == LimitsInPoints[0] ? []
        : [SearchesRow.Evolutionary];

    private SearchesRow Row(QuantizationObjective? objective, double? limit, string tool) => new(model.Name, objective, limit, tool);

    private SearchesRow Search(QuantizationObjective objective, double limit, string tool)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{tool}-{objective}-{limit}");
        Progress.Show($"{model.Name}: {name}");
        TimedQuantization run = TimedQuantization.Run(model, name, Settings(objective, limit, tool));
        SearchesRow row = Row(objective, limit, tool) with { Seconds = run.Seconds, Error = run.Error, Path = run.ShippedPath };
        return Judged(row.Path is null ? row : SearchedFile.Read(row));
    }

    private SearchesRow SearchWithSeed(long seed)
    {
        Progress.Show($"{model.Name}: evolutionary search, seed {seed}");
        SearchesRow row = Row(Objectives[0], LimitsInPoints[0], SearchesRow.Evolutionary) with { Seed = seed };
        (string? path, string? error, double seconds) = SeededSearch.Run(
            model, $"search-seed-{seed}", TimedQuantization.WithMetric(model, Settings(Objectives[0], LimitsInPoints[0], row.Tool)), seed);
        row = row with { Seconds = seconds, Error = error, Path = path };
        return Judged(path is null ? row : SearchedFile.Read(row));
    }

    /// <remarks>Where nothing keeps the limit, what came nearest is of interest too.</remarks>
    private Dictionary<string, string> Settings(QuantizationObjective objective, double limit, string tool) => new()
    {
        ["Objective"] = objective.ToString(),
        ["MaxAccuracyDrop"] = (limit / PointsPerUnit).ToString(CultureInfo.InvariantCulture),
        ["TimeBudget"] = options.Budget,
        ["SearchMethod"] = tool == SearchesRow.Exact ? "Exact" : "Evolutionary",
        ["Gate"] = "Warning",
    };

    private SearchesRow Pure(string tool, IReadOnlyDictionary<string, string> settings)
    {
        Progress.Show($"{model.Name}: {tool}");
        TimedQuantization run = TimedQuantization.Run(model, tool, settings);
        return Judged(Row(null, null, tool) with { Seconds = run.Seconds, Error = run.Error, Path = run.ShippedPath, IsPure = true });
    }

    private SearchesRow Judged(SearchesRow row)
    {
        if (row.Path is null)
            return row;
        try
        {
            Comparison comparison = judge.Compare(row.Path);
            return row with
            {
                DropPoints = PointsPerUnit * comparison.Drop,
                Bytes = FileJudge.BytesOf(row.Path),
                FloatBytes = FileJudge.BytesOf(model.FloatPath),
            };
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return row with { Error = $"the file does not run: {exception.Message}" };
        }
    }

    private void Race(List<SearchesRow> rows, List<SearchesRow> rivals)
    {
        Progress.Show($"{model.Name}: racing");
        SearchesRow[] all = [.. rows, .. rivals];
        string?[] paths = [.. all.Select(row => row.Bytes is null ? null : row.Path)];
        double?[] ratios = FileRace.Ratios(model, judge, paths, batchSize: 1, MostRacers);
        for (int i = 0; i < all.Length; i++)
        {
            SearchesRow timed = all[i] with { LatencyRatioBatch1 = ratios[i] };
            if (i < rows.Count)
                rows[i] = timed;
            else
                rivals[i - rows.Count] = timed;
        }
    }
}
