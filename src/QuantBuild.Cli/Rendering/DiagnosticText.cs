using QuantBuild.Diagnostics;

namespace QuantBuild.Cli.Rendering;

/// <summary>Messages as compilers write them, so that tools and people find them.</summary>
internal static class DiagnosticText
{
    public static string WordOf(DiagnosticSeverity severity) => severity switch
    {
        DiagnosticSeverity.Error => "error",
        DiagnosticSeverity.Warning => "warning",
        _ => "note",
    };

    /// <summary>Errors last, where they are seen, and below them where to read more.</summary>
    public static void Write(TextWriter output, IReadOnlyList<Diagnostic> diagnostics)
    {
        foreach (Diagnostic diagnostic in diagnostics.OrderBy(diagnostic => diagnostic.Severity))
            output.WriteLine($"{WordOf(diagnostic.Severity)} {diagnostic.Code}: {diagnostic.Message}");
        if (diagnostics.LastOrDefault(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error) is { } error)
            output.WriteLine($"'quantbuild explain {error.Code}' tells more.");
    }
}
