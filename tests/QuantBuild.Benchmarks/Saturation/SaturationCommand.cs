using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using QuantBuild.Benchmarks.Builds;
using QuantBuild.Benchmarks.Models;
using QuantBuild.Benchmarks.Rivals;

namespace QuantBuild.Benchmarks.Saturation;

/// <param name="Tool">As rows of the other tools name it.</param>
/// <param name="Finding">Null when there is an error.</param>
/// <param name="IsCheckOfTheCheck">Its outputs have to differ.</param>
internal sealed record SaturationRow(string Model, string Tool, string Configuration, bool IsCheckOfTheCheck, SaturationFinding? Finding, string? Error)
{
    public bool IsAsExpected => Finding is { HasVnni: false, Values: > 0 } finding && finding.Different > 0 == IsCheckOfTheCheck;
}

/// <summary>Do the files that we make give, on a processor without VNNI, exactly what kernels give that cannot saturate?</summary>
internal static class SaturationCommand
{
    private const string Usage =
        "usage: dotnet run -c Release --project tests/QuantBuild.Benchmarks -- saturation FOLDER [--models A,B] [--rows static,default,best] [--samples 64] [--output FILE.json]";

    /// <summary>Signed 8-bit weights with a scale per channel and all codes in use: what saturates most.</summary>
    private const string KnownToSaturate = "inc.static-u8s8-channel";

    private const string KnownToSaturateModel = "fashion-vit";

    /// <returns>1 when a file of ours saturates, the check of the check does not, or nothing could be measured.</returns>
    public static int Run(string[] arguments)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        if (arguments is not [var bench, .. string[] rest] || !Directory.Exists(Path.Combine(bench, "models")) || rest.Length % 2 == 1)
            return Refuse(Usage);
        bench = Path.GetFullPath(bench);
        string[] models = [.. BenchModel.Names(bench)];
        string[] recipes = [Recipe.Static];
        string samples = "64";
        string? output = null;
        foreach (string[] pair in rest.Chunk(2))
            switch (pair)
            {
                case ["--models", var names] when names.Split(',').All(models.Contains):
                    models = names.Split(',');
                    break;
                case ["--rows", var names] when names.Split(',').All(name => Recipe.All.Any(recipe => recipe.Configuration == name)):
                    recipes = names.Split(',');
                    break;
                case ["--samples", var count] when int.TryParse(count, out int number) && number > 0:
                    samples = count;
                    break;
                case ["--output", var path]:
                    output = Path.GetFullPath(path);
                    break;
                default:
                    return Refuse(Usage);
            }
        try
        {
            Emulator emulator = Emulator.Find();
            var rows = new List<SaturationRow>();
            foreach (SaturationRow row in models.SelectMany(name => Rows(BenchModel.Read(bench, name), recipes, emulator, samples)))
            {
                rows.Add(row);
                if (output is not null)
                    RowFile.Write(output, rows, TableOf(rows));
            }
            Console.WriteLine(TableOf(rows));
            return rows.All(row => row.IsAsExpected) ? 0 : 1;
        }
        catch (InvalidOperationException exception)
        {
            return Refuse(exception.Message);
        }
    }

    private static IEnumerable<SaturationRow> Rows(BenchModel model, string[] recipes, Emulator emulator, string samples)
    {
        foreach (Recipe recipe in Recipe.All.Where(recipe => recipes.Contains(recipe.Configuration)))
        {
            Progress.Show($"{model.Name}: quantizing, {recipe.Configuration}");
            TimedQuantization run = TimedQuantization.Run(model, recipe.Configuration, recipe.Settings);
            var row = new SaturationRow(model.Name, RivalRow.Own, recipe.Configuration, false, null, run.Error);
            yield return run.ShippedPath is { } path ? Measured(row, path) : row;
        }
        if (model.Name == KnownToSaturateModel
            && model.AllRivals().FirstOrDefault(path => Path.GetFileNameWithoutExtension(path) == KnownToSaturate) is { } rival)
        {
            string[] name = KnownToSaturate.Split('.');
            yield return Measured(new SaturationRow(model.Name, name[0], name[1], true, null, null), rival);
        }

        SaturationRow Measured(SaturationRow row, string path)
        {
            Progress.Show($"{model.Name}: running {row.Tool} {row.Configuration} without VNNI");
            ProcessStartInfo start = emulator.Start(
                typeof(SaturationHost).Assembly.Location, SaturationHost.Command, path, model.ValidationPath, samples);
            start.RedirectStandardOutput = true;
            using Process process = Process.Start(start)!;
            string finding = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0
                ? row with { Finding = JsonSerializer.Deserialize<SaturationFinding>(finding, JsonSerializerOptions.Web) }
                : row with { Error = $"exit code {process.ExitCode}" };
        }
    }

    private static string TableOf(IReadOnlyList<SaturationRow> rows) => MarkdownTable.Of(
        ["model", "tool", "configuration", "outputs", "samples", "values", "different", "largest difference"],
        textColumns: 4,
        rows.Select(row => new[]
        {
            row.Model, row.Tool, row.Configuration,
            row.Finding is { } found ? $"{Verdict(found)}, {(row.IsAsExpected ? "as expected" : "NOT as expected")}" : $"error: {row.Error}",
            $"{row.Finding?.Samples}", $"{row.Finding?.Values}", $"{row.Finding?.Different}", $"{row.Finding?.Largest:G3}",
        }));

    private static string Verdict(SaturationFinding finding) =>
        finding.HasVnni ? "the processor has VNNI" : finding.Different == 0 ? "equal to the last bit" : "different";

    private static int Refuse(string text)
    {
        Console.Error.WriteLine(text);
        return 1;
    }
}
