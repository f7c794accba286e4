using System.Globalization;
using QuantBuild.Benchmarks.Builds;
using QuantBuild.Settings;

namespace QuantBuild.Benchmarks.Searches;

/// <summary>What the command <c>search</c> is told.</summary>
/// <param name="Bench">Folder of models and data, laid out as <see cref="BenchModel"/> reads it.</param>
/// <param name="Output">Where the rows go as JSON, and beside it as Markdown; null: nowhere.</param>
/// <param name="Models">Names of models.</param>
/// <param name="Budget">Of every search, as the setting <c>TimeBudget</c> has it.</param>
/// <param name="Seeds">So many evolutionary searches of each model, with other seeds.</param>
/// <param name="IsExact">Searches by solving.</param>
/// <param name="IsEvolutionary">Searches by breeding.</param>
/// <param name="IsQuick">No latencies.</param>
internal sealed record SearchesOptions(
    string Bench, string? Output, IReadOnlyList<string> Models, string Budget, int Seeds, bool IsExact, bool IsEvolutionary, bool IsQuick)
{
    public const string Usage = """
        usage: dotnet run -c Release --project tests/QuantBuild.Benchmarks -- search FOLDER [options]

          searches the form of every layer of FOLDER/models/NAME/float.onnx, for size and for latency within 0.5 and 1.0 points, and measures
          what comes out beside files of one scheme and NAME/rivals/TOOL.CONFIGURATION.onnx
          --output FILE.json  rows as JSON, and as tables in FILE.md
          --models A,B        names of folders
          --budget 3m         of every search
          --seeds 5           evolutionary searches for size within 0.5 points
          --method both       or exact, or evolutionary
          --quick             no latencies
        """;

    /// <returns>Null when the arguments are not of this form, or name what is not there.</returns>
    public static SearchesOptions? Parse(string[] arguments)
    {
        if (arguments is not [var folder, .. string[] rest] || !Directory.Exists(Path.Combine(folder, "models")))
            return null;
        string bench = Path.GetFullPath(folder);
        string[] all = [.. BenchModel.Names(bench)];
        var options = new SearchesOptions(bench, null, all, "3m", 5, true, true, false);
        for (int i = 0; i < rest.Length; i++)
        {
            string? value = i + 1 < rest.Length ? rest[i + 1] : null;
            switch (rest[i])
            {
                case "--quick":
                    options = options with { IsQuick = true };
                    continue;
                case "--output" when value is not null:
                    options = options with { Output = Path.GetFullPath(value) };
                    break;
                case "--models" when value?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { } names
                    && names.All(all.Contains):
                    options = options with { Models = names };
                    break;
                case "--budget" when value is not null && SettingCatalogue.TimeBudget.Read(value).Verdict == SettingVerdict.Valid:
                    options = options with { Budget = value };
                    break;
                case "--seeds" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int seeds) && seeds > 0:
                    options = options with { Seeds = seeds };
                    break;
                case "--method" when value is "exact" or "evolutionary" or "both":
                    options = options with { IsExact = value != "evolutionary", IsEvolutionary = value != "exact" };
                    break;
                default:
                    return null;
            }
            i++;
        }
        return options;
    }
}
