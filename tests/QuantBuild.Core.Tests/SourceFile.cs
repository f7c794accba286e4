using System.Text.RegularExpressions;

namespace QuantBuild.Core.Tests;

/// <summary>One C# file of the product.</summary>
/// <param name="Path">Relative to <c>src</c>, with forward slashes.</param>
internal sealed partial record SourceFile(string Path, string[] Lines)
{
    public int LineCount => Lines.Length;

    public int FoldersBelowProject => Path.Count(character => character == '/') - 1;

    /// <summary>Without comments, which may name what they explain, and without strings, which generated code is made of.</summary>
    public IEnumerable<(int Number, string Text)> LinesOfCode => Lines
        .Select((text, index) => (Number: index + 1, Text: StringLiteral().Replace(text, "\"\"")))
        .Where(line => !line.Text.TrimStart().StartsWith("//", StringComparison.Ordinal));

    public static IEnumerable<SourceFile> OfProducts()
    {
        string root = RepositoryFiles.PathOf("src");
        return Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(path => new SourceFile(System.IO.Path.GetRelativePath(root, path).Replace('\\', '/'), File.ReadAllLines(path)));
    }

    /// <param name="place">A project or a file.</param>
    public bool IsIn(string place) => Path == place || Path.StartsWith(place + "/", StringComparison.Ordinal);

    [GeneratedRegex("""
        "(\\.|[^"\\])*"
        """)]
    private static partial Regex StringLiteral();
}
