using System.Globalization;
using QuantBuild.Benchmarks.Builds;

namespace QuantBuild.Benchmarks.LowBits;

/// <summary>What the command <c>lowbits</c> is told.</summary>
/// <param name="Bench">Folder of models and data, laid out as <see cref="BenchModel"/> reads it.</param>
/// <param name="Output">Where the rows go as JSON, and beside it as Markdown; null: nowhere.</param>
/// <param name="Models">Names of models.</param>
/// <param name="Bits">Of our files.</param>
/// <param name="Algorithms">Of our files; null: all.</param>
/// <param name="IsQuick">No latencies.</param>
/// <param name="FailsOnMiss">The exit code tells whether our rows are where they have to be.</param>
internal sealed record LowBitOptions(
    string Bench,
    string? Output,
    IReadOnlyList<string> Models,
    IReadOnlyList<int> Bits,
    IReadOnlyList<string>? Algorithms,
    bool IsQuick,
    bool FailsOnMiss)
{
    public const string Usage = """
        usage: dotnet run -c Release --project tests/QuantBuild.Benchmarks -- lowbits FOLDER [options]
               dotnet run -c Release --project tests/QuantBuild.Benchmarks -- lowbits --large [--gigabytes 1] [--bits 4] [--output FILE.json]

          quantizes every FOLDER/models/NAME/float.onnx to few bits in many ways, and measures what comes out beside
          NAME/rivals/TOOL.CONFIGURATION.onnx
          --output FILE.json  rows as JSON, and as tables in FILE.md
          --models A,B        names of folders
          --bits 4,3,2        of our weights; 8 to compare with
          --algorithms A,B    of our files, as the table names them
          --quick             no latencies
          --check             exit code 1 when a goal is missed
          --large             a generated transformer of a gigabyte to 4 bits: seconds and memory
        """;

    /// <summary>The recipes that are asked for, those that this version cannot follow included.</summary>
    public IEnumerable<LowBitRecipe> Recipes =>
        LowBitRecipes.All.Where(recipe => Bits.Contains(recipe.Bits) && Algorithms?.Contains(recipe.Algorithm) != false);

    /// <returns>Null when the arguments are not of this form, or name what is not there.</returns>
    public static LowBitOptions? Parse(string[] arguments)
    {
        if (arguments is not [var folder, .. string[] rest] || !Directory.Exists(Path.Combine(folder, "models")))
            return null;
        string bench = Path.GetFullPath(folder);
        string[] all = [.. BenchModel.Names(bench)];
        var options = new LowBitOptions(bench, null, all, LowBitRecipes.DefaultBits, null, false, false);
        for (int i = 0; i < rest.Length; i++)
        {
            string[]? values = i + 1 == rest.Length
                ? null
                : rest[i + 1].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            switch (rest[i])
            {
                case "--quick":
                    options = options with { IsQuick = true };
                    continue;
                case "--check":
                    options = options with { FailsOnMiss = true };
                    continue;
                case "--output" when values is [_]:
                    options = options with { Output = Path.GetFullPath(rest[i + 1]) };
                    break;
                case "--models" when values?.All(all.Contains) == true:
                    options = options with { Models = values };
                    break;
                case "--bits" when values?.All(value => int.TryParse(value, CultureInfo.InvariantCulture, out int bits)
                    && LowBitRecipes.KnownBits.Contains(bits)) == true:
                    options = options with { Bits = [.. values.Select(value => int.Parse(value, CultureInfo.InvariantCulture))] };
                    break;
                case "--algorithms" when values?.All(value => LowBitRecipes.All.Any(recipe => recipe.Algorithm == value)) == true:
                    options = options with { Algorithms = values };
                    break;
                default:
                    return null;
            }
            i++;
        }
        return options;
    }
}
