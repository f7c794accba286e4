namespace QuantBuild.Tasks.Requests;

/// <summary>The source files that the worker writes for a model.</summary>
internal static class SourceFiles
{
    /// <summary>The class; null for a language that no class is generated in.</summary>
    /// <param name="language">MSBuild's <c>$(Language)</c>.</param>
    public static string? Class(string name, string language) => ExtensionOf(language) is { } extension ? name + ".g." + extension : null;

    /// <summary>Constants of the class, which have values as soon as the model has been quantized; null as for <see cref="Class"/>.</summary>
    /// <param name="language">MSBuild's <c>$(Language)</c>.</param>
    public static string? Metadata(string name, string language) => ExtensionOf(language) is { } extension ? name + ".metadata.g." + extension : null;

    private static string? ExtensionOf(string language) => language switch
    {
        "C#" => "cs",
        "F#" => "fs",
        "VB" => "vb",
        _ => null,
    };
}
