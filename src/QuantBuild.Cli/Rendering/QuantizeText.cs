using QuantBuild.Cli.Commands;

namespace QuantBuild.Cli.Rendering;

/// <summary>The result of <c>quantize</c> in a few lines.</summary>
internal static class QuantizeText
{
    public static void Write(TextWriter writer, QuantizeResult result)
    {
        writer.WriteLine(result.Summary);
        foreach (string note in result.Notes)
            writer.WriteLine($"  {note}");
        foreach ((string name, string? path) in new[]
        {
            ("model", result.Output), ("weights", result.Weights), ("rejected", result.Rejected), ("report", (string?)result.ReportFile),
        })
        {
            if (path is not null)
                writer.WriteLine($"  {name,-8} {path}");
        }
    }
}
