namespace QuantBuild.Benchmarks.Builds;

/// <summary>What a measurement of real builds is told on its command line.</summary>
/// <param name="Bench">Folder of models and data, laid out as <see cref="BenchModel"/> reads it.</param>
/// <param name="Output">Where the figures go as JSON; null: nowhere.</param>
/// <param name="Models">Names of folders below <c>models</c>; null: those of the command.</param>
internal sealed record MeasurementOptions(string Bench, string? Output, IReadOnlyList<string>? Models)
{
    public const string Usage = """
        usage: dotnet run -c Release --project tests/QuantBuild.Benchmarks -- COMMAND --bench FOLDER [--output FILE.json] [--models A,B]

          builds   builds a project per model with the packed package and measures what it ships, and the files of other tools beside it
          gate     lets builds fail for their accuracy, and holds what they say against an evaluation of its own
        """;

    /// <returns>Null when the arguments are not of this form.</returns>
    public static MeasurementOptions? Parse(string[] arguments)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string[] pair in arguments.Chunk(2))
            if (pair is not [("--bench" or "--output" or "--models") and var option, var value] || !values.TryAdd(option, value))
                return null;
        return values.TryGetValue("--bench", out string? bench)
            ? new MeasurementOptions(
                Path.GetFullPath(bench),
                values.TryGetValue("--output", out string? output) ? Path.GetFullPath(output) : null,
                values.GetValueOrDefault("--models")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            : null;
    }
}
