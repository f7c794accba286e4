using System.Globalization;
using QuantBuild.Benchmarks.Builds;

namespace QuantBuild.Benchmarks.Models;

/// <summary>What becomes of many real models: size, accuracy, latency, cost, and the same of other tools' files.</summary>
internal static class ModelsCommand
{
    private const int QuickRounds = 9;

    /// <returns>1 when a requirement does not hold and the options say that this is a failure.</returns>
    public static int Run(ModelsOptions options)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var rows = new List<ModelRow>();
        foreach ((string name, Func<TableModel> prepare) in ModelCatalogue.All(options.Bench).Where(model => options.Includes(model.Name)))
        {
            Progress.Show($"{name}: making its data");
            rows.AddRange(new ModelMeasurement(prepare(), options.IsQuick ? QuickRounds : InterleavedLatency.Rounds).Measure());
            if (options.Output is { } output)
                ModelRow.Write(output, rows);
        }

        Console.WriteLine(ModelTable.Of(rows));
        Console.WriteLine(Legend);
        if (options.Bench is null)
            Console.WriteLine("The models of the bench folder are left out: there is no ../shared/bench, and --bench names none.");
        Console.WriteLine();
        bool holds = true;
        foreach (Requirement requirement in Requirement.All(rows))
        {
            holds &= requirement.Check(rows, out string line);
            Console.WriteLine(line);
        }
        return holds || !options.FailsOnMiss ? 0 : 1;
    }

    private static string Legend => $"""
        {Machine.Description}
        Latency: float ÷ file, one sample, time of the one thread, median of interleaved rounds; 'float once more' is a second session of the float file.
        Size: file ÷ float. Float passes: quantizing without loading, evaluating and inspecting ÷ one pass of the float model over the
        calibration data; those of other tools and their peak memory as the bench folder tells them.
        """;
}
