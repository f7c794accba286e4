namespace QuantBuild.Core.Tests.Documentation;

/// <summary>What the page of a code says beyond the catalogue.</summary>
/// <param name="Example">Arguments of the message, as a build might give them.</param>
/// <param name="Settings">Names of the settings that have to do with it.</param>
internal sealed record DiagnosticGuide(string Code, object[] Example, string[] Settings)
{
    /// <summary>Follows the cause: what a person has to know who has never quantized a model.</summary>
    public string Background { get; init; } = "";

    /// <summary>Follows the fix: lines to write, commands to run.</summary>
    public string Steps { get; init; } = "";

    /// <summary>Of all codes.</summary>
    public static IReadOnlyList<DiagnosticGuide> All { get; } =
        [.. SettingsGuides.All, .. ModelGuides.All, .. DataGuides.All, .. SampleGuides.All, .. MetricGuides.All, .. QuantizationGuides.All, .. EnvironmentGuides.All];

    public static string Project(string lines) => $"```xml\n{lines}\n```";

    public static string Python(string lines) => $"```python\n{lines}\n```";

    public static string Shell(string lines) => $"```\n{lines}\n```";
}
