namespace QuantBuild.Benchmarks.Models;

/// <summary>What the command <c>models</c> is told.</summary>
/// <param name="Bench">Folder of models and data, laid out as <see cref="Builds.BenchModel"/> reads it; null: there is none.</param>
/// <param name="Output">Where the rows go as JSON; null: nowhere.</param>
/// <param name="Names">Models to measure; null: all.</param>
/// <param name="IsQuick">Fewer rounds of latencies.</param>
/// <param name="FailsOnMiss">The exit code tells whether all requirements hold.</param>
internal sealed record ModelsOptions(string? Bench, string? Output, IReadOnlyList<string>? Names, bool IsQuick, bool FailsOnMiss)
{
    public const string Usage = """
        usage: dotnet run -c Release --project tests/QuantBuild.Benchmarks -- models [--bench FOLDER] [--output FILE.json] [--models A,B] [--quick] [--check]

          quantizes many real models, measures what comes out, and files of other tools beside it; fetches what is missing with npm
          --bench    models with files of other tools; ../shared/bench when that exists
          --models   names, or beginnings of names
          --quick    fewer rounds of latencies
          --check    exit code 1 when a requirement does not hold
        """;

    private const string DefaultBench = "../shared/bench";

    /// <returns>Null when the arguments are not of this form.</returns>
    public static ModelsOptions? Parse(string[] arguments)
    {
        var options = new ModelsOptions(Directory.Exists(DefaultBench) ? Path.GetFullPath(DefaultBench) : null, null, null, false, false);
        for (int i = 0; i < arguments.Length; i++)
        {
            string? value = i + 1 < arguments.Length ? arguments[i + 1] : null;
            switch (arguments[i])
            {
                case "--quick":
                    options = options with { IsQuick = true };
                    continue;
                case "--check":
                    options = options with { FailsOnMiss = true };
                    continue;
                case "--bench" when Directory.Exists(value):
                    options = options with { Bench = Path.GetFullPath(value) };
                    break;
                case "--output" when value is not null:
                    options = options with { Output = Path.GetFullPath(value) };
                    break;
                case "--models" when value is not null:
                    options = options with { Names = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) };
                    break;
                default:
                    return null;
            }
            i++;
        }
        return options;
    }

    public bool Includes(string model) => Names is null || Names.Any(name => model.StartsWith(name, StringComparison.Ordinal));
}
