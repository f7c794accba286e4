using QuantBuild.Benchmarks.Builds;

namespace QuantBuild.Benchmarks.Rivals;

/// <summary>What the command <c>rivals</c> is told.</summary>
/// <param name="Bench">Folder of models and data, laid out as <see cref="BenchModel"/> reads it.</param>
/// <param name="Output">Where the rows go as JSON, and beside it as Markdown; null: nowhere.</param>
/// <param name="Models">Names of models.</param>
/// <param name="IsQuick">No latencies.</param>
/// <param name="FailsOnMiss">The exit code tells whether our rows are where they have to be.</param>
/// <param name="IsAblation">The table of the recovery steps in place of that of the tools.</param>
internal sealed record RivalsOptions(
    string Bench, string? Output, IReadOnlyList<string> Models, bool IsQuick, bool FailsOnMiss, bool IsAblation)
{
    public const string Usage = """
        usage: dotnet run -c Release --project tests/QuantBuild.Benchmarks -- rivals FOLDER [--output FILE.json] [--models A,B] [--quick] [--check] [--ablation]

          quantizes every FOLDER/models/NAME/float.onnx and measures what comes out beside NAME/rivals/TOOL.CONFIGURATION.onnx
          --output    rows as JSON, and as a table in FILE.md
          --models    names of folders
          --quick     no latencies
          --check     exit code 1 when a file of ours is behind the best static 8-bit file of the other tools
          --ablation  each recovery step switched off in turn, with scales per channel and per tensor, and no other tools
        """;

    /// <returns>Null when the arguments are not of this form, or name what is not there.</returns>
    public static RivalsOptions? Parse(string[] arguments)
    {
        if (arguments is not [var folder, .. string[] rest] || !Directory.Exists(Path.Combine(folder, "models")))
            return null;
        string bench = Path.GetFullPath(folder);
        string[] all = [.. BenchModel.Names(bench)];
        var options = new RivalsOptions(bench, null, all, false, false, false);
        for (int i = 0; i < rest.Length; i++)
        {
            string? value = i + 1 < rest.Length ? rest[i + 1] : null;
            switch (rest[i])
            {
                case "--quick":
                    options = options with { IsQuick = true };
                    continue;
                case "--check":
                    options = options with { FailsOnMiss = true };
                    continue;
                case "--ablation":
                    options = options with { IsAblation = true };
                    continue;
                case "--output" when value is not null:
                    options = options with { Output = Path.GetFullPath(value) };
                    break;
                case "--models" when value?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { } names
                    && names.All(all.Contains):
                    options = options with { Models = names };
                    break;
                default:
                    return null;
            }
            i++;
        }
        return options;
    }
}
