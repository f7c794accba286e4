using QuantBuild.Diagnostics;

namespace QuantBuild.Cli.Commands;

/// <summary>The pages that ship with the program.</summary>
internal static class ReferencePages
{
    /// <summary>In the tool beside the program, in the package of builds at its root.</summary>
    private static readonly string[] Folders = ["docs", Path.Combine("..", "..", "..", "docs")];

    /// <summary>The page of a code; where the pages are missing, what the catalogue says.</summary>
    public static string Of(DiagnosticDescriptor descriptor) => Folders
        .Select(folder => Path.Combine(AppContext.BaseDirectory, folder, $"{descriptor.Code}.md"))
        .FirstOrDefault(File.Exists) is { } path
        ? File.ReadAllText(path).ReplaceLineEndings("\n")
        : $"# {descriptor.Code}: {descriptor.Title}\n\n## Cause\n\n{descriptor.Cause}\n\n## Fix\n\n{descriptor.Fix}\n";
}
