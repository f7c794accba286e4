using QuantBuild.Cli.CommandLine;
using QuantBuild.Cli.Rendering;
using QuantBuild.Settings;

namespace QuantBuild.Cli.Commands;

/// <summary>Quantizes with the form of the model left to QuantBuild, and tells which ones were tried.</summary>
internal sealed class SearchCommand(ToolContext tool) : QuantizeCommand(
    "search", "Find the form of the model that keeps your limits: 'quantize' with Scheme=Auto, and a table of what was tried.", tool)
{
    private static readonly SettingDescriptor[] Limits =
    [
        SettingCatalogue.MaxAccuracyDrop, SettingCatalogue.MinAccuracy, SettingCatalogue.MaxError, SettingCatalogue.MaxModelSize,
        SettingCatalogue.MaxSlowdown,
    ];

    protected override WrittenOptions Settle(WrittenOptions written)
    {
        if (!Limits.Any(written.Has))
            throw new UsageException($"a search needs a limit: {string.Join(", ", Limits.Where(limit => limit.IsAvailable).Select(SettingOptions.NameOf))}.");
        if (written.ValueOf(SettingCatalogue.Scheme) is { } scheme && !scheme.Equals("Auto", StringComparison.OrdinalIgnoreCase))
            throw new UsageException($"a search chooses the form by itself; --scheme {scheme} leaves nothing to search. Use 'quantize'.");
        return written.With(SettingCatalogue.Scheme, "Auto");
    }

    protected override void Render(TextWriter writer, QuantizeResult result)
    {
        SearchText.Write(writer, result.Report.Search);
        base.Render(writer, result);
    }
}
